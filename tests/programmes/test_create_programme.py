"""Beginning a programme: its kind decides its framework, its options and its dates; phases are worked back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from compliance.programmes.events import programme_changed
from compliance.programmes.models import Phase, PhaseKind, Programme
from compliance.programmes.phasing import Span
from compliance.programmes.selectors import requirements_offered
from compliance.programmes.services import change_programme, close_programme, mark_not_relevant
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import framework, make_programme

ASKED = {
    "name": "SOC 2 Type II, 2026", "categories": ["availability"], "period_start": "2026-01-01",
    "period_end": "2026-12-31", "fieldwork_start": "2027-01-18", "fieldwork_end": "2027-02-26",
}  # fmt: skip


def begin(person, kind="soc2_type_2", **fields):
    asked = {name: value for name, value in (ASKED | fields).items() if value is not None}
    return person.client.post(f"/o/acme/programmes/new/?kind={kind}", asked)


def test_it_begins_with_its_phases_worked_back_from_fieldwork(acme, mei):
    with time_machine.travel(datetime(2026, 1, 5, 12, tzinfo=UTC)):
        answer = begin(mei)
    assert answer.status_code == 302
    with scope(acme):
        programme = Programme.objects.get()
        phases = list(Phase.objects.order_by("position"))
    assert programme.framework_id == framework().pk
    assert [phase.kind for phase in phases] == list(PhaseKind)
    assert phases[-1].starts_on == date(2027, 1, 18)
    assert phases[-1].ends_on == date(2027, 2, 26)
    assert phases[3].ends_on == date(2027, 1, 17)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"), ({"period_start": ""}, "period_start"), ({"period_end": "2025-12-31"}, "period_end"),
        ({"fieldwork_start": ""}, "fieldwork_start"), ({"fieldwork_end": "2027-01-01"}, "fieldwork_end"),
        ({"categories": ["beauty"]}, "categories"), ({"period_start": "31/13/2026"}, "period_start"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(acme, mei, wrong, field):
    answer = begin(mei, **wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with scope(acme):
        assert not Programme.objects.exists()


def test_a_type_one_speaks_of_one_day(acme, mei):
    assert begin(mei, "soc2_type_1", period_start=None, period_end=None).status_code == 422
    assert begin(mei, "soc2_type_1", period_start=None, period_end=None, as_of="2026-06-30").status_code == 302
    with scope(acme):
        assert Programme.objects.get().as_of == date(2026, 6, 30)


def test_a_service_refuses_what_a_form_would(acme, mei):
    with scope(acme):
        with pytest.raises(ValidationError, match="observation period"):
            make_programme(mei.actor, period_start=None)
        with pytest.raises(ValidationError, match="against another framework"):
            make_programme(mei.actor, framework=framework("iso27001"))
        with pytest.raises(TypeError):
            make_programme(mei.actor, not_relevant={"CC1.1": "x"})


@pytest.mark.parametrize(
    ("kind", "key"), [("iso_stage_1", "iso27001"), ("iso_stage_2", "iso27001"), ("pci", "pci-dss")]
)
def test_other_kinds_have_their_own_framework(acme, mei, kind, key):
    assert begin(mei, kind, categories=None, period_start=None, period_end=None).status_code == 302
    with scope(acme):
        assert Programme.objects.select_related("framework").get().framework.key.startswith(key)


def test_a_self_assessment_is_against_any_framework_and_needs_no_auditor(acme, mei):
    nist = framework("nist-csf")
    answer = mei.client.post(f"/o/acme/programmes/new/?kind=other&framework={nist.pk}", {"name": "CSF, ours"})
    assert answer.status_code == 302
    with scope(acme):
        programme = Programme.objects.get()
        assert programme.framework_id == nist.pk
        assert not programme.phases.exists()
    assert "No phases are planned" in mei.client.get(answer["Location"]).content.decode()


def test_first_one_chooses_what_it_is_for(mei):
    page = mei.client.get("/o/acme/programmes/new/").content.decode()
    assert "?kind=soc2_type_2" in page
    assert "Self-assessment against NIST CSF 2.0" in page
    assert mei.client.get("/o/acme/programmes/new/?kind=astrology").status_code == 404
    assert mei.client.get("/o/acme/programmes/new/?kind=other&framework=x").status_code == 404


def test_phases_may_be_given_instead_of_proposed(acme, mei):
    spans = {PhaseKind.SCOPING: Span(date(2026, 1, 5), date(2026, 1, 30))}
    with scope(acme):
        programme = make_programme(mei.actor, phases=spans)
        assert [(phase.kind, phase.ends_on) for phase in programme.phases.all()] == [("scoping", date(2026, 1, 30))]


def test_changing_it_keeps_the_phases(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor)
        before = list(programme.phases.values_list("kind", "starts_on", "ends_on"))
    answer = mei.client.post(f"/o/acme/programmes/{programme.pk}/change/", ASKED | {"fieldwork_start": "2027-02-01"})
    assert answer.status_code == 302
    with scope(acme):
        programme.refresh_from_db()
        assert programme.fieldwork_start == date(2027, 2, 1)
        assert list(programme.phases.values_list("kind", "starts_on", "ends_on")) == before
        entry = Entry.objects.get(action="programmes.programme.changed")
    assert entry.before["fieldwork_start"] == "2027-01-18"


def test_a_change_that_changes_nothing_writes_nothing(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor)
        change_programme(actor=mei.actor, programme=programme, name=programme.name)
        assert not Entry.objects.filter(action="programmes.programme.changed").exists()


def test_it_is_closed_and_stays_readable(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor)
    mei.client.post(f"/o/acme/programmes/{programme.pk}/close/")
    page = mei.client.get(f"/o/acme/programmes/{programme.pk}/")
    assert page.status_code == 200
    assert "Closed" in page.content.decode()
    with scope(acme):
        programme.refresh_from_db()
        closed_at = programme.closed_at
        close_programme(actor=mei.actor, programme=programme)
        assert Programme.objects.get().closed_at == closed_at
        assert Entry.objects.filter(action="programmes.programme.closed").count() == 1


@pytest.mark.parametrize("who", ["ada", "jonas", "femi"])
def test_other_roles_read_and_may_not_change(acme, mei, who, request):
    with scope(acme):
        programme = make_programme(mei.actor)
    person = request.getfixturevalue(who)
    assert person.client.get("/o/acme/programmes/").status_code == 200
    assert person.client.get(f"/o/acme/programmes/{programme.pk}/").status_code == 200
    assert begin(person).status_code == 403
    for what in ("change", "close", "phases"):
        assert person.client.post(f"/o/acme/programmes/{programme.pk}/{what}/").status_code == 403


def test_an_employee_is_refused(acme, noor):
    assert noor.client.get("/o/acme/programmes/").status_code == 403


def test_another_organisation_sees_nothing(acme, mei, stranger):
    with scope(acme):
        programme = make_programme(mei.actor, name="Only Acme knows")
    assert stranger.client.get("/o/acme/programmes/").status_code == 404
    for what in ("", "change/", "phases/", "criteria/"):
        assert stranger.client.get(f"/o/borealis/programmes/{programme.pk}/{what}").status_code == 404
    assert b"Only Acme knows" not in stranger.client.get("/o/borealis/programmes/").content


def test_it_leaves_a_trail_and_the_floors_above_are_told(acme, mei, django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, **news):
        heard.append((news["organization_id"], news["programme_id"]))

    programme_changed.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        begin(mei)
    programme_changed.disconnect(hear)
    with scope(acme):
        entry = Entry.objects.get()
        assert heard == [(acme.pk, Programme.objects.get().pk)]
    assert entry.action == "programmes.programme.created"
    assert entry.after["period_end"] == "2026-12-31"


def test_the_menu_of_every_page_leads_to_it(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor)
    page = mei.client.get("/o/acme/scope/").content.decode()
    assert f'href="/o/acme/programmes/{programme.pk}/"' in page


def test_a_closed_programme_is_not_changed(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor)
        close_programme(actor=mei.actor, programme=programme)
        programme.refresh_from_db()
        criterion = requirements_offered(programme).first()
        with pytest.raises(ValidationError, match="closed"):
            change_programme(actor=mei.actor, programme=programme, name="Another name")
        with pytest.raises(ValidationError, match="closed"):
            mark_not_relevant(actor=mei.actor, programme=programme, requirement=criterion, reason="No such thing here.")
        assert Programme.objects.get().not_relevant == {}
