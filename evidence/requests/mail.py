"""Letters to somebody outside who is asked for evidence."""

from __future__ import annotations

from datetime import date

from django.core.mail import send_mail
from django.template.loader import render_to_string

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here

from .models import Ask

SUBJECTS = {
    "asked": "{organization} asks you for: {title}", "before": "In three days, for {organization}: {title}",
    "day": "Due today, for {organization}: {title}", "returned": "{organization} sends back: {title}",
}  # fmt: skip


class MailNotSentError(Exception):
    """The mail server did not take it."""


def send_letter(ask: Ask, kind: str, link: str, until: date) -> None:
    """The letter with its link, which opens until a day. Raises MailNotSentError, so that nothing is written down that did not happen."""
    organization = Organization.objects.get(pk=here().organization_id).name
    subject = SUBJECTS[kind].format(organization=organization, title=ask.requirement.title)
    text = render_to_string(
        "evidence_requests/mail/letter.txt",
        {"ask": ask, "kind": kind, "link": link, "until": until, "organization": organization},
    )
    try:
        send_mail(" ".join(subject.split()), text, None, [ask.email])
    except OSError as error:  # smtplib's errors are OSErrors, as are refused and timed-out connections
        raise MailNotSentError(str(error)) from error
