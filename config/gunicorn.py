"""How gunicorn serves: plain processes, since the ORM is synchronous. Read as `gunicorn -c python:config.gunicorn`."""

from __future__ import annotations

import gc
import os
from importlib import import_module
from pathlib import Path
from typing import Any

wsgi_app = "config.wsgi:application"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
loglevel = os.environ.get("LOG_LEVEL", "info").lower()
timeout = 60  # seconds for one request; what takes longer is a job
graceful_timeout = 20
max_requests = 5000  # a leak, should there be one, ends with its process
max_requests_jitter = 500
control_socket_disable = True
# The heartbeat file must not stand on a disk that can stall.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def post_worker_init(worker: Any) -> None:
    """Load every page before the first is asked for, and keep what stays for good out of the collector's sight: a
    full collection of some hundred thousand objects would fall into somebody's page."""
    from django.conf import settings

    import_module(settings.ROOT_URLCONF)
    import_module("compliance.web.documents.typesetting")  # WeasyPrint, which no module loads by itself
    gc.collect()
    gc.freeze()
    # A page makes some ten thousand objects and drops them all by itself: looking for rings among them after each 700
    # costs a tenth of its time.
    gc.set_threshold(20_000, 20, 50)
