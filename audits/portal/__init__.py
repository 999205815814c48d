"""The auditor's portal: one audit, for as long as a seat is open, read-only but for the auditor's own.

Its pages read through `selectors.py` and `matrix.py` of this package only, each of which takes a seat.
"""
