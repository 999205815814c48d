"""Asking a named person for evidence: a colleague, or somebody outside who gets a link and needs no account."""
