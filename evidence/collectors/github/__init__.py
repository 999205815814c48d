"""GitHub: organisation, people, repositories, changes and alerts, read over the REST API."""
