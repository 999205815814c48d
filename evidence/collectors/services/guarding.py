"""What no service does with a connection that is retired."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from ..models import Connection


def refuse_retired(connection: Connection, field: str = "") -> None:
    """Raises ValidationError for a connection that is retired, beside the field that named it where one did."""
    if connection.retired_at is not None:
        said = "This connection is retired: nothing is done with it any more. Make a new one where the source is to be looked at again."
        raise ValidationError({field: said} if field else said)
