"""The verbs of the crosswalk's proposals."""
