"""What goes into every pack as its verifiers: `verify.py`, put together of the modules here, and `verify.html`, of `page/`.

The modules know nothing but Python's standard library of 3.8, and no house of ours: a pack has to be checked without it.
Both verifiers find the same and say it in the same words (tests/packs/test_tell_tampering.py).
"""
