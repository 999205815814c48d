"""Errors of the API as problem+json (RFC 9457), with the fields that are wrong named."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler, with its answer reshaped: type, title, status, detail, and `errors` by field."""
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(detail=error.message_dict if hasattr(error, "error_dict") else error.messages)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    elif isinstance(error, Http404):
        error = exceptions.NotFound()
    response = exception_handler(error, context)
    if response is None:
        return None
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    set_rollback()
    body: dict[str, Any] = {"type": "about:blank", "title": _title(error), "status": response.status_code}
    if isinstance(error, exceptions.ValidationError):
        body["detail"] = "Some fields are wrong."
        body["errors"] = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
    else:
        body["detail"] = str(getattr(error, "detail", error))
    response.data = body
    response.content_type = "application/problem+json"
    return response


def _title(error: Exception) -> str:
    return str(getattr(error, "default_code", "error")).replace("_", " ").capitalize()
