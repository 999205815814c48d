"""Pages of requests for evidence: those of the room, and the one behind a link."""
