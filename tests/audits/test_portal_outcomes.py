"""A control in the portal carries every outcome of its checks within the audit's period."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.programmes.selectors import requirements_in_scope
from compliance.tenancy.rooms import scope
from controls.models import Control, Mapping
from evidence.collectors.services.connect import create_connection
from evidence.judging.models import ResourceInterval
from evidence.models import EvidenceRequirement
from evidence.services.require import add_requirements, change_requirement

pytestmark = pytest.mark.django_db
MFA, ADMINS = "github.org.2fa_required", "github.org.owners"
START, END = date(2026, 1, 1), date(2026, 6, 30)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.fixture
def found(scene, mei):
    """A stated control of the audit, bound to one check; intervals are put in by the tests."""
    with scope(scene.organization):
        programme = scene.audit.programme
        programme.kind, programme.period_start, programme.period_end = "soc2_type_2", START, END
        programme.save()
        control = Control.objects.create(ref="AC-01", title="Sign-in", statement="x", implementation="implemented")
        requirement = requirements_in_scope(programme).get(ref="CC6.1")
        Mapping.objects.create(
            control=control, requirement=requirement, framework_owner_id=requirement.organization_id
        )
        asked = add_requirements(actor=mei.actor, wanted=[(control, _asked([MFA]))])[0]
        vendor = create_connection(actor=mei.actor, vendor="github", name="GitHub", fields=_FIELDS)
    scene.control, scene.asked, scene.vendor = control, asked, vendor
    return scene


_FIELDS = {"organization": "acme", "token": "ghp_x"}


def _asked(checks: list[str]) -> dict:
    return {"key": "mfa", "title": "Second factor", "cadence": "weekly", "source": "collector", "checks": checks}


def put(scene, message: str, started: str, ended: str | None, *, outcome="fail", seen: str | None = None, check=MFA):
    with scope(scene.organization):
        ResourceInterval.objects.create(
            connection=scene.vendor, check_id=check, resource=message, outcome=outcome, message=message,
            started_at=at(started), seen_until=at(seen or ended), ended_at=at(ended) if ended else None,
        )  # fmt: skip


def read(scene, rosalind, cursor="") -> str:
    address = reverse("portal:control", args=["acme", scene.audit.pk, scene.control.pk])
    answer = rosalind.get(address, {"cursor": cursor} if cursor else {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_passed_failed_and_unknown_stand_with_when(found, rosalind):
    put(found, "was-open", "2026-02-03", "2026-02-20")
    put(found, "is-closed", "2026-02-20", None, outcome="pass", seen="2026-06-01")
    put(found, "not-read", "2026-03-01", "2026-03-02", outcome="unknown")
    page = read(found, rosalind)
    assert all(word in page for word in ("was-open", "is-closed", "not-read"))
    assert all(f'datetime="{day}' in page for day in ("2026-02-03", "2026-02-20", "2026-06-01"))


def test_what_lies_outside_the_period_is_left_out_and_what_reaches_in_is_not(found, rosalind):
    put(found, "long-before", "2025-05-01", "2025-12-30")
    put(found, "last-seen-before", "2025-05-01", None, seen="2025-12-30")
    put(found, "began-after", "2026-07-02", None, seen="2026-07-03")
    put(found, "reaches-in", "2025-12-01", "2026-01-02")
    put(found, "on-the-last-day", "2026-06-30", None, seen="2026-07-03")
    page = read(found, rosalind)
    assert "reaches-in" in page
    assert "on-the-last-day" in page
    assert not any(word in page for word in ("long-before", "last-seen-before", "began-after"))


def test_another_controls_check_does_not_stand_here(found, rosalind):
    put(found, "of-another", "2026-02-03", "2026-02-20", check=ADMINS)
    assert "of-another" not in read(found, rosalind)


def test_unbinding_a_check_hides_nothing(found, rosalind, mei):
    put(found, "was-open", "2026-02-03", "2026-02-20")
    with scope(found.organization):
        asked = EvidenceRequirement.objects.get(pk=found.asked.pk)
        change_requirement(actor=mei.actor, requirement=asked, **_asked([]))
    assert "was-open" in read(found, rosalind)


def test_without_a_period_it_says_so(found, rosalind):
    with scope(found.organization):
        type(found.audit.programme).objects.update(kind="iso_27001", period_start=None, period_end=None, as_of=None)
    assert "no period yet" in read(found, rosalind)


def test_many_are_paged_at_the_same_number_of_queries(found, rosalind):
    put(found, "one", "2026-02-03", "2026-02-20")
    read(found, rosalind)
    with CaptureQueriesContext(connection) as few:
        read(found, rosalind)
    for number in range(60):
        put(found, f"many-{number}", "2026-02-03", "2026-02-20")
    with CaptureQueriesContext(connection) as many:
        page = read(found, rosalind)
    assert len(many) == len(few)
    assert page.count("many-") < 60 * 2
    assert "cursor=" in page
