"""What an auditor opens is recorded; the organisation learns which items only once the report is issued."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from audits.models import PortalOpening, Seat
from audits.services import issue_audit
from audits.services.openings import count_downloads
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories import audits as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(scene, mei, rosalind):
    """Rosalind opened a request and a version, and downloaded the version twice."""
    with scope(scene.organization):
        scene.version = make.make_version(mei.actor, "Leavers list TELLTALE")
        make.submit(mei, scene.request, scene.version)
    args = ["acme", scene.audit.pk]
    rosalind.get(reverse("portal:request", args=[*args, scene.request.pk]))
    rosalind.get(reverse("portal:version", args=[*args, scene.version.pk]))
    for _ in range(2):
        b"".join(rosalind.get(reverse("portal:download", args=[*args, scene.version.pk])).streaming_content)
    return scene


def ours(name, *args):
    return reverse(f"audits:{name}", args=["acme", *args])


def test_each_opening_and_download_is_recorded(read):
    with scope(read.organization):
        rows = [(row.act, row.item_type, row.item_label) for row in PortalOpening.objects.order_by("id")]
    assert [row[:2] for row in rows] == [
        ("opened", "request"),
        ("opened", "version"),
        ("downloaded", "version"),
        ("downloaded", "version"),
    ]
    assert rows[1][2] == "EV-0001 v1 Leavers list TELLTALE"


def test_the_record_only_grows(read):
    with scope(read.organization):
        for attempt in (
            lambda: PortalOpening.objects.update(item_label="x"),
            lambda: PortalOpening.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()


def test_until_the_report_is_issued_the_organisation_sees_sign_ins_and_totals_only(read, mei):
    page = mei.client.get(ours("show", read.audit.pk))
    (seat,) = page.context["seats"]
    assert (seat.downloads, seat.signed_in_at.date()) == (2, today("UTC"))
    items = mei.client.get(ours("openings", read.audit.pk))
    assert b"Not before the report is issued" in items.content
    assert b"TELLTALE" not in items.content
    with scope(read.organization):
        trail = Entry.objects.filter(action__startswith="audits.portal.")
        assert [entry.action for entry in trail] == ["audits.portal.signed_in"]
        assert not Entry.objects.filter(actor_kind="auditor", target_label__contains="TELLTALE").exists()


def test_a_sign_in_is_one_entry_however_many_pages_are_opened(read, rosalind):
    rosalind.get(reverse("portal:overview", args=["acme", read.audit.pk]))
    with scope(read.organization):
        assert Entry.objects.filter(action="audits.portal.signed_in").count() == 1


def test_daily_totals_go_into_the_trail_once(read):
    day = today("Europe/Lisbon")
    with scope(read.organization):
        assert count_downloads(day) == 1
        assert count_downloads(day) == 0
        assert count_downloads(day - timedelta(days=1)) == 0
        entry = Entry.objects.get(action="audits.portal.downloads_counted")
    assert (entry.target_id, entry.after) == (read.seat.pk, {"day": day.isoformat(), "downloads": 2})


def test_the_auditor_records_the_issue_and_the_items_open_to_the_organisation(read, mei, rosalind):
    address = reverse("portal:issue", args=["acme", read.audit.pk])
    rosalind.post(address, {})
    assert b"TELLTALE" not in mei.client.get(ours("openings", read.audit.pk)).content
    rosalind.post(address, {"sure": "yes"})
    assert b"TELLTALE" in mei.client.get(ours("openings", read.audit.pk)).content


def test_a_manager_cannot_record_the_issue_to_look_over_a_shoulder(read, mei):
    mei.client.post(ours("issue", read.audit.pk))
    with scope(read.organization):
        with pytest.raises(PermissionDenied):
            issue_audit(actor=mei.actor, audit=read.audit)
        Seat.objects.update(until=today("UTC") - timedelta(days=1))
        assert issue_audit(actor=mei.actor, audit=read.audit).issued_at is not None


def test_the_auditor_sees_what_is_recorded_of_them_and_nothing_of_a_colleague(read, mei, rosalind, client):
    with scope(read.organization):
        colleague = make.sit(mei.actor, read.audit, "second@corbel.example", name="Second Auditor")
    recorded = reverse("portal:recorded", args=["acme", read.audit.pk])
    assert b"TELLTALE" in rosalind.get(recorded).content
    client.force_login(colleague.user)
    assert b"TELLTALE" not in client.get(recorded).content
