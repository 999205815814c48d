"""The verbs of connections and runs."""
