"""Expressions in CEL over the rows of a fact kind, evaluated in a process that can be ended."""
