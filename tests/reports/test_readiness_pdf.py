"""The readiness report: what it says, with everything and with nothing, and that it is accessible PDF."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from typing import Any

import pytest

from audits.readiness.figures import rebuild_figures
from audits.reports.readiness import MOST_GAPS, readiness_context, readiness_pdf
from compliance.frameworks.models import Framework
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from evidence.collectors.models import Connection, KindState
from evidence.collectors.services.retire import retire_connection
from gaps.models import Gap
from tests.factories.evidence import make_connection


def _words(pdf: bytes) -> str:
    return _told(pdf, "pdftotext", "-layout", "-", "-")


def _told(pdf: bytes, *command: str) -> str:
    """What a tool of poppler says of the file, in words with single spaces."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed (poppler-utils)")
    told = subprocess.run([*command], input=pdf, capture_output=True, check=True, timeout=30)
    return " ".join(told.stdout.decode().split())


def _programme() -> Programme:
    framework = Framework.objects.filter(key__startswith="soc2").first()
    assert framework is not None
    return Programme.objects.create(
        name="SOC 2 of the payments platform", framework=framework, kind="soc2_type_2",
        period_start=today() - timedelta(days=90), period_end=today() + timedelta(days=90),
    )  # fmt: skip


def test_it_is_a_pdf_for_an_organisation_with_gaps_and_for_one_without_anything(room, borealis, gaps):
    assert readiness_pdf().startswith(b"%PDF-")
    with scope(borealis):
        assert readiness_pdf().startswith(b"%PDF-")


def test_it_is_tagged_for_those_who_listen_to_it(room):
    pdf = readiness_pdf()
    said = _told(pdf, "pdfinfo", "-")
    assert "Tagged: yes" in said
    assert "Title: Readiness report, Acme Ledger" in said
    assert "JavaScript: no" in said
    assert 'pdfuaid:part="1"' in _told(pdf, "pdfinfo", "-meta", "-")


def test_an_organisation_without_anything_is_told_so_and_not_called_ready(room):
    said = readiness_context()
    assert (said["programmes"], said["as_at"], said["gaps_total"], said["connections_total"]) == ([], None, 0, 0)
    words = _words(readiness_pdf())
    assert "The figures have not been worked out yet." in words
    assert "No connection is set up" in words
    assert "healthy" not in words
    assert "%" not in words


def test_a_retired_connection_is_none_that_is_unwell(room, mei, ada):
    github = make_connection(mei.actor)
    KindState.objects.create(connection=github, fact_kind="github.org", reason="denied", message="Refused.")
    said = readiness_context()
    assert (said["connections_total"], len(said["unwell"]), len(said["unread"])) == (1, 1, 1)
    retire_connection(actor=ada.actor, connection=github, reason="Replaced.")
    said = readiness_context()
    assert (said["connections_total"], len(said["unwell"]), len(said["unread"])) == (0, 0, 0)


def test_it_names_the_gaps_in_rank_order_with_owner_and_reasons(room, gaps):
    words = _words(readiness_pdf())
    assert words.index("GAP-001") < words.index("GAP-002")
    assert "Always tested early (CC6.2)." in words
    assert "Mei-Ling Chu" in words
    assert "Nobody named" in words
    assert "GAP-003" not in words


def test_what_is_beyond_the_first_thirty_is_told_as_a_count(room):
    Gap.objects.bulk_create(
        Gap(ref=f"GAP-{number:03}", rule=f"r{number}", subject="s", title="Same", cause="c", severity="minor", rank=number)
        for number in range(1, MOST_GAPS + 4)
    )
    said = readiness_context()
    assert (len(said["gaps"]), said["gaps_beyond"]) == (MOST_GAPS, 3)
    assert "3 more gaps are open below these" in _words(readiness_pdf())


def test_the_buckets_of_a_programme_sum_to_what_is_in_it(room):
    _programme()
    rebuild_figures()
    found = readiness_context()["programmes"][0]
    assert found["d"] > 30
    assert sum(number for _, number in found["buckets"]) == found["d"]
    assert f"0 of {found['d']} requirements are ready" in _words(readiness_pdf())


def test_areas_and_severities_sum_to_the_open_gaps_and_heed_an_override(room, gaps):
    gaps[0].severity_override = "minor"
    gaps[0].save()
    said = readiness_context()
    assert said["severities"] == [("critical", 1), ("significant", 0), ("minor", 1)]
    assert sum(area["open"] for area in said["areas"]) == said["gaps_total"] == 2
    assert "Computed: Significant" in _words(readiness_pdf())


def test_what_could_not_be_read_is_named_with_its_reason(room):
    okta = Connection.objects.create(
        slug="okta", vendor="okta", name="Okta production", health="degraded", health_note="The log is refused."
    )
    KindState.objects.create(
        connection=okta, fact_kind="okta.system_log", reason="denied", message="403 E0000006", remedy="Grant okta.logs.read.",
        unreadable_since=now(),
    )
    words = _words(readiness_pdf())
    for said in ("Okta production", "Partly readable", "The log is refused.", "okta.system_log", "Denied", "Grant okta.logs.read."):
        assert said in words
    assert "are healthy" not in words


def test_another_organisations_gaps_are_not_in_it(room, gaps, borealis):
    with scope(borealis):
        words = _words(readiness_pdf())
    assert "Borealis Freight" in words
    assert "GAP-001" not in words


@pytest.mark.parametrize("sample", [True, False])
def test_a_sample_company_is_stamped_on_every_page_and_no_other_is(sample: bool, acme: Any):
    type(acme).objects.filter(pk=acme.pk).update(is_sample=sample)
    acme.refresh_from_db()
    with scope(acme):
        Gap.objects.bulk_create(
            Gap(ref=f"GAP-{number:03}", rule=f"r{number}", subject="s", title="Same", cause="c", severity="minor", rank=number)
            for number in range(1, 40)
        )
        words = _words(readiness_pdf())
    pages = words.count("Page ")
    assert pages > 1
    assert words.count("Sample company, simulated clock") == (pages + 1 if sample else 0)
