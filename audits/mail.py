"""Mail of this floor: text and plain HTML from one pair of templates, sent before the transaction ends.

A mail that cannot be handed over raises, so that nothing is saved and the page can say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

_SECONDS = 10


class MailNotSent(Exception):
    """The mail server did not take it."""


def absolute(name: str, *args: Any) -> str:
    """The address of a page as a mail has to write it."""
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)


def send(*, to: str, subject: str, template: str, context: Mapping[str, Any]) -> None:
    """Send `<template>.txt` and `<template>.html`. Raises MailNotSent."""
    text = render_to_string(f"{template}.txt", dict(context))
    message = EmailMultiAlternatives(
        subject.replace("\n", " "), text, settings.DEFAULT_FROM_EMAIL, [to], connection=get_connection(timeout=_SECONDS)
    )
    message.attach_alternative(render_to_string(f"{template}.html", dict(context)), "text/html")
    try:
        message.send()
    except OSError as error:  # smtplib's errors are OSErrors, as are refused and timed-out connections
        raise MailNotSent(str(error)) from error
