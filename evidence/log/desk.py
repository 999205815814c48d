"""The alarm of the log: what its last inspection found waits for whoever reviews evidence, before anything else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk.entries import DigestLine, WorkItem
from compliance.tenancy.rooms import here

from .models import Inspection
from .selectors import latest_inspection

#: Of 100. Nothing that evidence shows is worth more than that it was not changed.
HARM = 100


def work_for(membership: Any) -> Iterable[WorkItem]:
    """One item while the newest inspection found something; one query."""
    if alarm := _alarm(membership):
        yield WorkItem(
            key="evidence_log:alarm", kind="evidence", ref="Log", title=f"{_said(alarm)}: see what was changed",
            why="Until it is explained, none of the evidence that it concerns can be shown to an auditor as it was received.",
            url=_url(), due=None, harm=HARM, state="alarm",
        )  # fmt: skip


def news_for(membership: Any) -> Iterable[DigestLine]:
    """The same in the daily digest."""
    if alarm := _alarm(membership):
        yield DigestLine(key="evidence_log:alarm", kind="evidence", text=f"{_said(alarm)}.", url=_url(), urgent=True)


def _alarm(membership: Any) -> Inspection | None:
    newest = latest_inspection() if membership.may(Permission.EVIDENCE_REVIEW) else None
    return newest if newest is not None and newest.found else None


def _said(alarm: Inspection) -> str:
    noun = "thing does" if alarm.found == 1 else "things do"
    return f"{alarm.found} {noun} not agree with the evidence log"


def _url() -> str:
    return reverse("log:inspection", args=[here().slug])
