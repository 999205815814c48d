"""Answers to writes with an `Idempotency-Key`, kept with the token for a day and given again to the same write.

The answer is stored in the transaction of the deed: there is never one without the other. An error is not kept, for
nothing was done: the same key may try again.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import connection
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.tenancy.clock import now
from compliance.web.idempotency import REPLAYED, KeyUsedBefore, UnderWay, fingerprint, kept_headers, key_of
from compliance.web.outside import Outside

from .models import IdempotentAnswer, Token

KEPT_FOR = timedelta(hours=24)


class _GivenBefore(Exception):
    """Carries the first answer past the view that gave it."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class Idempotent:
    """Mixed into every endpoint that writes. A call is replayed only after authentication, scope and throttle."""

    def initial(self: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        self.idempotency_key = key_of(request)
        if self.idempotency_key is None:
            return
        self.idempotency_print = fingerprint(request)
        if (known := first_answer(request.auth, self.idempotency_key, self.idempotency_print)) is not None:
            raise _GivenBefore(known)

    def handle_exception(self: Any, error: Exception) -> Response:
        if isinstance(error, _GivenBefore):
            self.idempotency_key = None
            return error.response
        response: Response = super().handle_exception(error)  # type: ignore[misc]
        return response

    def finalize_response(self: Any, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        key = getattr(self, "idempotency_key", None)
        if key is not None and answer.status_code < 400 and not isinstance(answer, Outside):
            keep_answer(request.auth, key, self.idempotency_print, answer)
        return answer


def first_answer(token: Token, key: str, printed: str) -> Response | None:
    """The answer that was given to this key within a day. Holds the key until the transaction ends.

    Raises UnderWay where another transaction holds it, KeyUsedBefore where it was used with another request.
    """
    if not _held(token, key):
        raise UnderWay
    IdempotentAnswer.objects.filter(token=token, created_at__lte=now() - KEPT_FOR).delete()
    known = IdempotentAnswer.objects.filter(token=token, key=key).first()
    if known is None:
        return None
    if known.request_hash != printed:
        raise KeyUsedBefore
    body = None if known.status == 204 else known.body
    return Response(body, known.status, headers=known.headers | {REPLAYED: "true"})


def keep_answer(token: Token, key: str, printed: str, response: Response) -> None:
    """Keep an answer for its key, with the deed that it tells of. The first one stays: while another system is called no
    lock holds the key, so that the same call may come twice."""
    body = json.loads(JSONRenderer().render(response.data)) if response.data is not None else {}
    answer = IdempotentAnswer(
        token=token, key=key, request_hash=printed, status=response.status_code, body=body, headers=kept_headers(response)
    )
    IdempotentAnswer.objects.bulk_create([answer], ignore_conflicts=True)


def forget_answers() -> int:
    """Delete the room's answers that are older than a day; how many these were."""
    return IdempotentAnswer.objects.filter(created_at__lte=now() - KEPT_FOR).delete()[0]


def _held(token: Token, key: str) -> bool:
    """A lock of this token and key that ends with the transaction; false where somebody has it."""
    number = int.from_bytes(hashlib.sha256(f"{token.pk}:{key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
