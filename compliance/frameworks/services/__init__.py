"""The verbs of frameworks: load what others publish, write one's own."""
