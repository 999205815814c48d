"""Whether a turn is taken, as another connection sees it."""

from __future__ import annotations

import os
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connection

from compliance.tenancy.models import Organization


def is_held(organization: Organization, of: str) -> bool:
    """Whether anybody else who wanted this turn of the organisation's would have to wait."""
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"{organization.pk}:{of}"])
        return not cursor.fetchone()[0]
