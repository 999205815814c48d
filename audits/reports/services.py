"""Asking for a report, and making it: claimed with a lease, made in a room of its own, told on its row."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM, Actor
from compliance.trail.services import record
from evidence.storage import path_of, store

from .events import report_requested
from .making import file_of
from .models import Report, ReportKind

log = logging.getLogger(__name__)

#: Longer than any report takes. A worker that was killed holds its report no longer than this.
LEASE = timedelta(minutes=10)
#: A report whose worker died is taken up again until this long after it was asked for; then it is given up,
#: because one that brings its worker down would otherwise do so for ever.
GIVE_UP = timedelta(hours=1)


@transaction.atomic
def request_report(*, actor: Actor, kind: ReportKind) -> Report:
    """Ask for a report. One of the kind that nobody has begun yet is the answer to both who asked."""
    waiting = Report.objects.filter(kind=kind, state="due").first()
    if waiting is not None:
        return waiting
    report = Report.objects.create(kind=kind, requested_by=actor.label[:254])
    _tell(report, "requested", actor, kind=kind.value)
    announce(report_requested, report_id=report.pk)
    return report


def make_report(*, organization_id: UUID, report_id: UUID) -> None:
    """Make a report unless it is made or held by another. Made twice it changes nothing; a failure is told on the row."""
    try:
        with scope(organization_id):
            report = _claim(report_id)
    except Organization.DoesNotExist:
        return
    if report is None:
        return
    try:
        with scope(organization_id):
            _make(report)
    except Exception as error:
        log.exception("Report %s could not be made.", report_id)
        with scope(organization_id):
            _fail(report, f"It could not be made ({type(error).__name__}). Ask for it again; if it fails again, "
                          f"quote report {report.pk} to whoever runs this installation.")


def _claim(report_id: UUID) -> Report | None:
    """Take a report, or None where it is done, held by another, or locked at this moment."""
    report = Report.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=report_id).first()
    moment = now()
    if report is None or report.state in {"ready", "failed"} or _is_held(report, moment):
        return None
    if report.state == "running" and report.created_at + GIVE_UP < moment:
        _fail(report, "Its worker stopped in the middle, and it was asked for over an hour ago. Ask for it again.")
        return None
    report.state, report.lease_until = "running", moment + LEASE
    report.save(update_fields=["state", "lease_until"])
    return report


def _is_held(report: Report, moment: datetime) -> bool:
    return report.state == "running" and report.lease_until is not None and report.lease_until >= moment


def _make(report: Report) -> None:
    made = file_of(ReportKind(report.kind))
    sha256, size = store(made.content)
    done = _finish(
        report, state="ready", filename=made.filename, media_type=made.media_type, path=path_of(sha256),
        sha256=sha256, size=size, message="",
    )  # fmt: skip
    if done:
        _tell(report, "made", SYSTEM, filename=made.filename, sha256=sha256, size=size)


def _fail(report: Report, message: str) -> None:
    if _finish(report, state="failed", message=message):
        _tell(report, "failed", SYSTEM, message=message)


def _finish(report: Report, **values: Any) -> bool:
    """Write the end, unless the lease was lost: the time it was claimed until is its token."""
    held = Report.objects.filter(pk=report.pk, state="running", lease_until=report.lease_until)
    return held.update(lease_until=None, finished_at=now(), **values) == 1


def _tell(report: Report, what: str, actor: Actor, **after: Any) -> None:
    record(actor=actor, action=f"reports.report.{what}", target=report, label=report.get_kind_display(), after=after)
