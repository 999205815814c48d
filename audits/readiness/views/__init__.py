"""Pages: the dashboard, the requirements behind its figure, and what waits for a person."""
