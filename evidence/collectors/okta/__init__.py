"""Okta: the collector of one organisation's users, factors, policies, applications, roles, log and settings."""
