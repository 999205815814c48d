"""What autovacuum does by itself after a minute: tell the planner what is in the tables."""

from __future__ import annotations

import os
from contextlib import closing

import psycopg2


def analyse() -> None:
    with closing(psycopg2.connect(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        server.cursor().execute("ANALYZE")
