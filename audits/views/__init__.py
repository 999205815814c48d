"""Pages of audits. Each finds, guards, calls one service, and answers."""
