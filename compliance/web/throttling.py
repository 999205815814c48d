"""Each token has its own allowance."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class TokenThrottle(SimpleRateThrottle):
    """By token; by address where there is none (the answer is 401 then)."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str:
        return f"api:{request.auth.pk if request.auth else self.get_ident(request)}"
