"""Pages of populations."""
