"""Pages of controls: each finds, guards, calls and answers."""
