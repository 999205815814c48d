"""What audits say of a programme's exits: requests fulfilled by the auditor, the report issued."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from compliance.programmes.conditions import Condition, all_of
from compliance.programmes.models import PhaseKind, Programme
from compliance.tenancy.rooms import here

from .models import Audit, Request, RequestState


def conditions(programme: Programme) -> Iterator[Condition]:
    """Audit support: the requests of the programme's audits, and their reports. Without an audit both are unknown."""
    url = reverse("audits:list", args=[here().slug])
    audits = Audit.objects.filter(programme=programme).aggregate(
        all=Count("pk"), issued=Count("pk", filter=Q(issued_at__isnull=False))
    )
    asked = Request.objects.filter(audit__programme=programme).aggregate(
        all=Count("pk"), fulfilled=Count("pk", filter=Q(state=RequestState.FULFILLED))
    )
    none = "no audit is opened"
    yield Condition(
        PhaseKind.AUDIT, "requests", "Every request is fulfilled", asked["fulfilled"] == asked["all"] if audits["all"] else None,
        all_of(asked["fulfilled"], asked["all"], "requests") if audits["all"] else none, url, 10,
    )  # fmt: skip
    yield Condition(
        PhaseKind.AUDIT, "issued", "The report is issued", audits["issued"] == audits["all"] if audits["all"] else None,
        all_of(audits["issued"], audits["all"], "audits") if audits["all"] else none, url, 20,
    )  # fmt: skip
