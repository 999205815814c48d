"""The verbs of controls."""
