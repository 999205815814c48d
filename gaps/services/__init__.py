"""The verbs of gaps."""
