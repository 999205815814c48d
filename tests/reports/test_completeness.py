"""What is there, what is missing, and what will not survive sampling and why, by criterion and control."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.reports.completeness import completeness
from audits.reports.completeness_files import completeness_book, completeness_pdf
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.coverage.services import refresh_coverage
from evidence.models import Acceptance
from evidence.populations.services.keep import add_population
from evidence.services.decide import decide_version
from evidence.services.freshness import refresh_requirements
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact, receive_version
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control, map_to
from tests.factories.evidence import PDF, judged, make_connection, make_requirement


@pytest.fixture
def programme(room, mei):
    day = now().date()
    return make_programme(mei.actor, period_start=day - timedelta(days=80), period_end=day + timedelta(days=200))


@pytest.fixture
def control(programme, jonas):
    made = make_control(owner=jonas.membership)
    map_to(made, "CC6.1", "CC6.2")
    return made


def show(requirement, mei, last: date, days: int = 30, approved: bool = True):
    artefact = add_artefact(actor=SYSTEM, title="Review", source="person")
    link_artefact(actor=SYSTEM, artefact=artefact, requirement=requirement)
    end = datetime(last.year, last.month, last.day, 8, tzinfo=UTC)
    version = receive_version(
        actor=SYSTEM, artefact=artefact, content=PDF, filename="a.pdf", media_type="application/pdf",
        effective_start=end - timedelta(days=days), effective_end=end, provenance={},
    )  # fmt: skip
    if approved:
        decide_version(actor=mei.actor, version=version, acceptance=Acceptance.APPROVED)
    return version


def told(programme, ref: str = "AC-07"):
    refresh_requirements(actor=SYSTEM)
    refresh_coverage()
    return next(each for each in completeness(programme).controls if each.control.ref == ref)


def test_what_shows_a_control_over_its_period_survives(control, programme, mei):
    show(make_requirement(mei.actor, control), mei, now().date() - timedelta(days=3))
    found = told(programme)
    assert found.survives, found.reasons
    assert found.criteria == ["CC6.1", "CC6.2"]


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("no_population", {"tested_by_sample": True}),
        ("unconfirmed", {"tested_by_sample": True, "population": "All grants of the period"}),
    ],
)
def test_a_sample_needs_a_list_that_somebody_confirmed(control, programme, mei, why, change):
    show(make_requirement(mei.actor, control), mei, now().date() - timedelta(days=3))
    type(control).objects.filter(pk=control.pk).update(**change)
    assert told(programme).whys == [why]


def test_a_list_of_another_period_is_none_of_this_one(control, programme, mei, jonas):
    show(make_requirement(mei.actor, control), mei, now().date() - timedelta(days=3))
    stated = {"tested_by_sample": True, "population": "Leavers", "population_confirmed_at": now()}
    type(control).objects.filter(pk=control.pk).update(**stated)
    assert told(programme).survives
    kept = {"template": "leavers", "name": "Leavers", "source": "upload", "controls": [control]}
    population = add_population(actor=mei.actor, owner=jonas.membership, **kept)
    type(control).objects.filter(pk=control.pk).update(**stated)  # as a version of last year leaves it
    assert [each.says for each in told(programme).reasons] == [f"No confirmed version of {population.ref} speaks of the period."]


def test_what_was_missed_since_it_was_counted_last_is_missing(control, programme, mei):
    """Counted ten days ago, when the first quarter was still open: read today it is missed, whoever counted what."""
    requirement = make_requirement(mei.actor, control)
    show(requirement, mei, now().date() - timedelta(days=100))
    with time_machine.travel(now() + timedelta(days=5), tick=False):
        refresh_coverage()
    with time_machine.travel(now() + timedelta(days=40), tick=False):
        found = next(each for each in completeness(programme).controls if each.control.ref == "AC-07")
    assert "hole" in found.whys


def test_a_control_of_which_nothing_is_asked_shows_nothing(control, programme):
    assert told(programme).whys == ["no_evidence"]


def test_a_snapshot_does_not_stand_for_a_period(control, programme, mei):
    show(make_requirement(mei.actor, control), mei, now().date() - timedelta(days=3), days=0)
    assert told(programme).whys == ["snapshot"]


def test_what_waits_for_approval_and_what_was_returned_are_told_apart(control, programme, mei):
    version = show(make_requirement(mei.actor, control), mei, now().date() - timedelta(days=3), approved=False)
    assert told(programme).whys == ["unapproved"]
    decide_version(actor=mei.actor, version=version, acceptance=Acceptance.RETURNED, reason="No date.")
    assert "returned" in told(programme).whys


def test_a_hole_is_told_by_its_name(control, programme, mei):
    monthly = make_requirement(mei.actor, control, cadence="monthly")
    show(monthly, mei, now().date() - timedelta(days=3))
    found = told(programme)
    assert found.whys == ["hole"]
    assert monthly.ref in found.reasons[0].says


def test_evidence_of_no_day_of_the_period_is_outside_it(control, programme, mei):
    show(make_requirement(mei.actor, control, cadence="annual"), mei, now().date() - timedelta(days=120))
    assert "outside" in told(programme).whys


def test_a_check_that_could_not_look_is_unknown_and_never_there(control, programme, mei):
    asked = make_requirement(mei.actor, control, source="collector", checks=["github.org.2fa_required"])
    show(asked, mei, now().date() - timedelta(days=3))
    judged(make_connection(mei.actor), "unknown")
    assert told(programme).whys == ["unknown"]


def test_a_criterion_without_a_control_is_bare(control, programme):
    found = completeness(programme)
    by_ref = {each.requirement.ref: each for each in found.criteria}
    assert by_ref["CC6.1"].state == "fail"
    assert by_ref["CC1.1"].state == "missing"
    assert (found.bare, found.whole) == (len(found.criteria) - 2, 0)


def test_what_is_not_due_yet_is_neither_whole_nor_failing(control, programme, mei):
    make_requirement(mei.actor, control, cadence="annual")
    found = told(programme)
    criterion = next(each for each in completeness(programme).criteria if each.requirement.ref == "CC6.1")
    assert (found.survives, found.stands) == (True, "not yet due")
    assert (criterion.state, criterion.there, criterion.asked) == ("not_yet_due", 0, 1)
    assert "Not all due yet" in mei.client.get("/o/acme/reports/completeness/").content.decode()


def test_one_of_two_lists_that_was_returned_is_said_of_what_the_other_shows(control, programme, mei):
    asked = make_requirement(
        mei.actor, control, source="collector", checks=["aws.cloudtrail.multiregion"], first_due=now().date() - timedelta(days=9)
    )
    for account in ("sandbox", "production"):
        artefact = add_artefact(actor=SYSTEM, title=account, source="collector", collected_key=f"{account}:aws.cloudtrail.trails")
        link_artefact(actor=SYSTEM, artefact=artefact, requirement=asked)
        version = receive_version(
            actor=SYSTEM, artefact=artefact, content=b"{}", filename="rows.json", media_type="application/json",
            effective_start=now() - timedelta(days=2), effective_end=now() - timedelta(days=1), provenance={},
        )  # fmt: skip
    assert told(programme).survives
    decide_version(actor=mei.actor, version=version, acceptance=Acceptance.RETURNED, reason="Of the wrong account.")
    assert told(programme).whys == ["returned"]


def test_the_queries_do_not_grow(control, programme, mei):
    make_requirement(mei.actor, control)
    with CaptureQueriesContext(connection) as few:
        completeness(type(programme).objects.get(pk=programme.pk))  # read anew: an object keeps what it was asked
    for number in range(8):
        other = make_control(f"XX-{number:02}")
        map_to(other, "CC7.1")
        show(make_requirement(mei.actor, other), mei, now().date() - timedelta(days=3))
    with CaptureQueriesContext(connection) as many:
        completeness(type(programme).objects.get(pk=programme.pk))  # read anew: an object keeps what it was asked
    assert len(many) == len(few)


def test_page_paper_and_workbook_say_the_same(acme, mei, jonas, noor):
    with scope(acme):
        day = now().date()
        programme = make_programme(mei.actor, period_start=day - timedelta(days=80), period_end=day + timedelta(days=200))
        control = make_control(owner=jonas.membership, tested_by_sample=True)
        map_to(control, "CC6.1")
        make_requirement(mei.actor, control)
        pdf = completeness_pdf()
        assert pdf.startswith(b"%PDF")
        with completeness_book() as book:
            assert book.read(2) == b"PK"
    text = mei.client.get("/o/acme/reports/completeness/").content.decode()
    assert "It is tested by sample, and no list is named to draw from." in text
    assert "AC-07" not in mei.client.get("/o/acme/reports/completeness/?criterion=CC1.1").content.decode().split('id="controls"')[1]
    assert mei.client.get("/o/acme/reports/completeness/?programme=x").status_code == 404
    assert mei.client.get(f"/o/acme/reports/completeness/?programme={programme.pk}&why=no_population").status_code == 200
    assert noor.client.get("/o/acme/reports/completeness/").status_code == 403
    words = _words(pdf)
    assert "Completeness report · management’s view" in words
    assert "Readiness report" not in words


def _words(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (poppler-utils)")
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=30)
    return " ".join(told.stdout.decode().split())
