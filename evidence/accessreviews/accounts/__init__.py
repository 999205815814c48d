"""Accounts read from facts. Pure: rows in, accounts out; what cannot be read is said, and never left out in silence."""
