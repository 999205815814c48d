"""Checks, what they found, and what people decide about them."""
