"""Pages of connections and runs: each finds, guards, calls and answers."""
