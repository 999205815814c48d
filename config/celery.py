"""The Celery application. Redis only wakes workers: rows in PostgreSQL are the queue (docs/architecture.md).

So a lost message costs minutes, never work, and nothing but ids ever stands in a message.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from urllib.parse import urlsplit

from celery import Celery
from celery.exceptions import SecurityWarning

from config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def broker_url(redis_url: str) -> str:
    """REDIS_URL as Celery wants it: a unix socket has a scheme of its own there, and a database another name."""
    if not redis_url.startswith("unix://"):
        return redis_url
    parts = urlsplit(redis_url)
    query = parts.query.replace("db=", "virtual_host=", 1) or "virtual_host=0"
    return f"redis+socket://{parts.path}?{query}"


def _beat_file() -> str:
    """Where beat remembers what it sent: a cache, no more, since every task may run twice."""
    folder = Path(os.environ.get("FIELDWORK_VAR") or Path(__file__).resolve().parent.parent / "var")
    return str(folder / "celerybeat-schedule")


if os.environ.get("FIELDWORK_ROOT_IS_MEANT"):  # the demo and `./run serve` alone: on a server the warning is a real one
    warnings.filterwarnings("ignore", r"\s*You're running the worker with superuser privileges", SecurityWarning)

app = Celery("fieldwork")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    broker_url=broker_url(os.environ.get("REDIS_URL", "")),
    broker_connection_retry_on_startup=True,
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    # A page must not hang on a Redis that is away: the sweep finds the row a minute later.
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0.2},
    timezone="UTC",
    beat_schedule=SCHEDULE,
    beat_schedule_filename=_beat_file(),
)
app.autodiscover_tasks()
