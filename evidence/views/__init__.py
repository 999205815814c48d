"""Pages of evidence: each finds, guards, calls and answers."""
