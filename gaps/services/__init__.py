"""The verbs of gaps. Opening, closing and ranking follow the facts (reconcile); the rest is for people (change)."""
