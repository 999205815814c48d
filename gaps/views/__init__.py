"""Pages of the gap register: each finds, guards, calls and answers."""
