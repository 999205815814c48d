"""The criteria that a programme is measured by: the denominator of readiness, and what is left out with a reason."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.frameworks.models import Requirement
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope, shows_percentage
from compliance.programmes.services import mark_not_relevant, mark_relevant
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import framework, make_programme

REASON = "There is no board; the founders own and run the company."


@pytest.fixture
def programme(acme, mei):
    with scope(acme):
        return make_programme(mei.actor)


def criterion(ref: str, key: str = "soc2") -> Requirement:
    return Requirement.objects.get(framework=framework(key), ref=ref)


@pytest.mark.parametrize(
    ("categories", "number"),
    [
        ([], 33), (["availability"], 36), (["confidentiality"], 35), (["processing_integrity"], 38), (["privacy"], 51),
        (["availability", "confidentiality", "processing_integrity", "privacy"], 61),
    ],
)  # fmt: skip
def test_soc_2_asks_the_common_criteria_and_the_series_chosen(room, mei, categories, number):
    assert requirements_in_scope(make_programme(mei.actor, categories=categories)).count() == number


@pytest.mark.parametrize(
    ("kind", "key", "number"),
    [("iso_stage_2", "iso27001", 123), ("pci", "pci-dss", 280), ("other", "nist-csf", 106), ("other", "iso27701", 78)],
)
def test_other_frameworks_ask_all_that_is_assessed(room, mei, kind, key, number):
    programme = make_programme(mei.actor, kind=kind, framework=framework(key), period_start=None, period_end=None)
    assert requirements_in_scope(programme).count() == number
    assert shows_percentage(programme) is (key != "iso27701")


def test_what_is_left_out_leaves_the_denominator(acme, mei, programme):
    with scope(acme):
        mark_not_relevant(actor=mei.actor, programme=programme, requirement=criterion("CC1.2"), reason=REASON)
        programme.refresh_from_db()
        assert requirements_in_scope(programme).count() == 32
        mark_relevant(actor=mei.actor, programme=programme, requirement=criterion("CC1.2"))
        programme.refresh_from_db()
        assert requirements_in_scope(programme).count() == 33


def leave_out(person, programme, requirement, reason=REASON):
    url = f"/o/acme/programmes/{programme.pk}/criteria/{requirement.pk}/leave-out/"
    return person.client.post(url, {"reason": reason})


def test_it_is_done_on_a_page_and_the_reason_is_shown(acme, mei, programme):
    with scope(acme):
        wanted = criterion("CC1.2")
    assert leave_out(mei, programme, wanted).status_code == 302
    page = mei.client.get(f"/o/acme/programmes/{programme.pk}/criteria/").content.decode()
    assert "There is no board" in page
    assert "4 of 5 in scope" in page
    assert "32 of 33" in mei.client.get(f"/o/acme/programmes/{programme.pk}/").content.decode()
    mei.client.post(f"/o/acme/programmes/{programme.pk}/criteria/{wanted.pk}/take-in/")
    assert "There is no board" not in mei.client.get(f"/o/acme/programmes/{programme.pk}/criteria/").content.decode()


@pytest.mark.parametrize("reason", ["", "   "])
def test_it_needs_a_reason(acme, mei, programme, reason):
    with scope(acme):
        wanted = criterion("CC1.2")
        with pytest.raises(ValidationError):
            mark_not_relevant(actor=mei.actor, programme=programme, requirement=wanted, reason=reason)
    assert leave_out(mei, programme, wanted, reason).status_code == 422
    with scope(acme):
        assert Programme.objects.get().not_relevant == {}


def test_a_criterion_that_is_not_asked_cannot_be_left_out(acme, mei, programme):
    with scope(acme):
        beyond = criterion("A1.1")
        with pytest.raises(ValidationError, match="not asked by this programme"):
            mark_not_relevant(actor=mei.actor, programme=programme, requirement=beyond, reason=REASON)
    assert leave_out(mei, programme, beyond).status_code == 404


def test_of_iso_27001_only_annex_a_can_be_left_out(room, mei):
    iso = make_programme(
        mei.actor, kind="iso_stage_2", framework=framework("iso27001"), period_start=None, period_end=None
    )
    with pytest.raises(ValidationError, match="apply to everybody"):
        mark_not_relevant(actor=mei.actor, programme=iso, requirement=criterion("4.1", "iso27001"), reason=REASON)
    mark_not_relevant(actor=mei.actor, programme=iso, requirement=criterion("A.7.4", "iso27001"), reason=REASON)
    assert requirements_in_scope(Programme.objects.get(pk=iso.pk)).count() == 122


@pytest.mark.parametrize("who", ["ada", "jonas", "femi"])
def test_other_roles_are_refused(acme, programme, who, request):
    with scope(acme):
        wanted = criterion("CC1.2")
    assert leave_out(request.getfixturevalue(who), programme, wanted).status_code == 403


def test_another_organisation_sees_nothing(acme, programme, stranger):
    with scope(acme):
        wanted = criterion("CC1.2")
    url = f"/o/borealis/programmes/{programme.pk}/criteria/{wanted.pk}"
    assert stranger.client.post(f"{url}/leave-out/", {"reason": "x"}).status_code == 404
    assert stranger.client.post(f"{url}/take-in/").status_code == 404


def test_it_leaves_a_trail(acme, mei, programme):
    with scope(acme):
        wanted = criterion("CC1.2")
    leave_out(mei, programme, wanted)
    with scope(acme):
        entry = Entry.objects.get(action="programmes.criterion.excluded")
    assert (entry.target_label, entry.after) == ("CC1.2 in SOC 2 Type II, 2026", {"not_relevant": REASON})


@pytest.mark.parametrize("page", ["", "criteria/"])
def test_queries_do_not_grow_with_the_framework(acme, mei, programme, page):
    with scope(acme):
        pci = make_programme(mei.actor, kind="pci", framework=framework("pci-dss"), period_start=None, period_end=None)
    counts = []
    for each in (programme, pci, programme):
        with CaptureQueriesContext(connection) as queries:
            assert mei.client.get(f"/o/acme/programmes/{each.pk}/{page}").status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]
