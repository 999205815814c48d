"""Asking for evidence and taking it in. Each verb: one actor, one transaction, one trail entry."""
