"""Pages of the portal. Each is behind `@seated`."""
