"""Two questions of a load balancer: is the process alive, and can it do its work?"""

from __future__ import annotations

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; asks nobody else, so that a database outage restarts nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when PostgreSQL and Redis answer, else 503; says which of them, and nothing of their addresses."""
    parts = {"database": _answers("database", _database), "redis": _answers("redis", _redis)}
    return JsonResponse(
        {name: "ok" if fine else "unreachable" for name, fine in parts.items()},
        status=200 if all(parts.values()) else 503,
    )


def _answers(name: str, ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # whatever is wrong, the answer is the same: not ready
        logger.exception("%s does not answer", name)
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    with redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()
