"""A source without an API: its facts are pushed by a company's own programs, or dropped as files."""
