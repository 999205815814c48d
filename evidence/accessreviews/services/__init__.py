"""Changing access reviews. Each verb: one actor, one transaction, one trail entry."""
