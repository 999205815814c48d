"""From facts to rows: pure functions, one module a subject."""
