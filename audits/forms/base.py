"""A day as the forms of audits ask for it."""

from __future__ import annotations

from compliance.web.day_field import DayField

WRITE_IT = "Write the date as 2026-05-31."


def missing(sentence: str) -> dict[str, str]:
    """What a field says when it is left empty."""
    return {"required": sentence}


class Day(DayField):
    """A calendar day, with the words of the audits for one that is missing."""

    default_error_messages = {"invalid": WRITE_IT, "required": f"Choose a day. {WRITE_IT}"}
