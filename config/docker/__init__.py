"""What only a container needs: its health question, and the database roles of a new PostgreSQL volume."""
