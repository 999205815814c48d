"""Checks of what a company supplies itself. Importing the package registers them all."""

from evidence.checks.push import accounts, findings, operations  # noqa: F401
