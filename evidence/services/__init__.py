"""The verbs of evidence. Each is one actor, one transaction, one trail entry, then the news."""
