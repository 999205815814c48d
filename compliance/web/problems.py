"""Errors of the API as problem+json (RFC 9457), with the fields that are wrong named."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler, set_rollback

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_UNIQUE = "23505"


class Conflict(exceptions.APIException):
    """What was asked cannot be done to the thing as it now stands."""

    status_code = 409
    default_detail = "This cannot be done to it as it stands. Nothing was written."
    default_code = "conflict"


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The request is larger than this service takes."
    default_code = "too_large"


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler, with its answer reshaped: type, title, status, detail, and `errors` by field.

    Whatever was written before the error is rolled back with the room's transaction.
    """
    known = _translated(error)
    response = exception_handler(known, context)
    if response is None:
        return None
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    set_rollback()
    response.data = _problem(known, response)
    response.status_code = response.data["status"]
    response.content_type = MEDIA_TYPE
    return response


def _translated(error: Exception) -> Exception:
    """Errors of services, of Django and of the database in DRF's words. What remains is a fault of ours: a 500."""
    if isinstance(error, ValidationError):
        return _refusal(error)
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError("The request has more fields or files than this service takes.")
    if isinstance(error, RecursionError):
        return exceptions.ParseError("The body is nested more deeply than anything here is.")
    if isinstance(error, OverflowError):
        return exceptions.ParseError("A day or a number is out of every range.")
    return _of_database(error)


def _of_database(error: Exception) -> Exception:
    if isinstance(error, ProtectedError):
        return Conflict("Something else refers to it, so it has to stay.")
    if isinstance(error, IntegrityError) and getattr(error.__cause__, "pgcode", "") == _UNIQUE:
        return Conflict("Something with the same key is there already, or came at the same moment.")
    if isinstance(error, DataError):
        log.warning("A value passed the serializers and not the database", exc_info=error)
        return exceptions.ParseError("A value cannot be stored as it is.")
    return error


def _refusal(error: ValidationError) -> exceptions.APIException:
    """A service names the field that is wrong; where it names none, it is how things stand that forbids the deed."""
    fields = error.message_dict if hasattr(error, "error_dict") else {}
    if not set(fields) - {NON_FIELD_ERRORS}:
        return Conflict(" ".join(error.messages))
    return exceptions.ValidationError({_field(name): _details(wrong) for name, wrong in error.error_dict.items()})


def _details(wrong: list[ValidationError]) -> list[exceptions.ErrorDetail]:
    """What is wrong with one field, with the code that tells what is not there from what cannot be."""
    return [exceptions.ErrorDetail(text, each.code or "invalid") for each in wrong for text in each.messages]


def _field(name: str) -> str:
    return str(api_settings.NON_FIELD_ERRORS_KEY) if name == NON_FIELD_ERRORS else name


def _problem(error: Exception, response: Response) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "about:blank", "title": title(error), "status": response.status_code}
    if not isinstance(error, exceptions.ValidationError):
        return body | {"detail": str(getattr(error, "detail", error))}
    errors = _readable(response.data if isinstance(response.data, dict) else {"non_field_errors": response.data})
    if set(_codes(error.detail)) == {"does_not_exist"}:
        return body | {"title": "Not found", "status": 404, "detail": "It refers to what is not here.", "errors": errors}
    return body | {"detail": "Some fields are wrong.", "errors": errors}


def _readable(errors: Any) -> Any:
    """Messages may repeat what was sent; half a surrogate pair in it has no form in UTF-8."""
    if isinstance(errors, dict):
        return {_readable(str(name)): _readable(inner) for name, inner in errors.items()}
    if isinstance(errors, list | tuple):
        return [_readable(inner) for inner in errors]
    return str(errors).encode("utf-8", "replace").decode()


def _codes(detail: Any) -> Iterator[str]:
    """The code of every message, however deep."""
    if isinstance(detail, exceptions.ErrorDetail):
        yield detail.code or "invalid"
    elif isinstance(detail, dict):
        for inner in detail.values():
            yield from _codes(inner)
    else:
        for inner in detail:
            yield from _codes(inner)


def title(error: Exception) -> str:
    """A problem's title: the kind of error, in words."""
    return str(getattr(error, "default_code", "error")).replace("_", " ").capitalize()
