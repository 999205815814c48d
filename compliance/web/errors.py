"""Error pages: what happened, and what to do. API calls get problem+json (RFC 9457) instead."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

_TITLES = {400: "Bad request", 403: "Not allowed", 404: "Not found", 429: "Too many requests", 500: "Something failed here"}


def answer(request: HttpRequest, status: int, template: str, **context: Any) -> HttpResponse:
    """The error page, or the problem document under /api/."""
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status},
            status=status, content_type="application/problem+json",
        )
    context["request_id"] = getattr(request, "request_id", "")
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 400, "errors/400.html")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403, "errors/403.html", reason=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404, "errors/404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500, "errors/500.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, 403, "errors/csrf.html")
