"""The verbs of the log: append, sign, change the key."""
