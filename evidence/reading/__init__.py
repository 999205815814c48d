"""Reading what is inside evidence: its text for search, its own dates, what an auditor would bounce, and how it looks."""
