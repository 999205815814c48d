"""Pages of the log: its leaves with their proofs, what was signed, and what the last inspection found."""
