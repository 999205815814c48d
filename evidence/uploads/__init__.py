"""Bringing files in parts: any size up to a limit, resumed where the connection broke, checked before they are handed in."""
