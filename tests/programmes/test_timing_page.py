"""The page of timing: what the arithmetic says of a programme's rows, and how long things take here."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from compliance.frameworks.models import Requirement
from compliance.programmes.models import PaceSetting
from compliance.programmes.services import set_pace
from compliance.programmes.timeline import timeline_of
from compliance.programmes.timing import DEFAULTS
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control, Mapping
from tests.factories.compliance import framework, make_programme


@pytest.fixture
def programme(acme, mei):
    """Agreed a year before, so that its phases have not begun by their dates."""
    with time_machine.travel(datetime(2025, 1, 6, tzinfo=UTC)), scope(acme):
        return make_programme(mei.actor, period_start=date(2026, 7, 1))


def add_control(ref: str, criterion: str, **fields) -> Control:
    control = Control.objects.create(ref=ref, title="A control", statement="It is done.", frequency="monthly", **fields)
    asked = Requirement.objects.get(framework=framework(), ref=criterion)
    Mapping.objects.create(control=control, requirement=asked)
    return control


def shown(person, programme, day=date(2026, 1, 5)) -> str:
    with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
        answer = person.client.get(f"/o/acme/programmes/{programme.pk}/timing/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_that_a_date_cannot_be_met_and_what_to_move(acme, mei, programme):
    with scope(acme):
        programme.phases.all().delete()
    page = shown(mei, programme, date(2026, 6, 1))
    assert "The date cannot be met as planned" in page
    assert "Have a Type I first" in page
    assert "No control is mapped" in page


def test_a_control_that_operates_is_counted_and_one_that_does_not_is_listed(acme, mei, programme):
    with scope(acme):
        add_control("AC-01", "CC6.1", implementation="implemented", starts_on=date(2025, 1, 1))
        add_control("AC-02", "CC6.2", implementation="planned")
    page = shown(mei, programme)
    assert "1 of 2" in page
    assert "AC-02" in page
    assert "Not in place" in page
    assert "AC-01" not in page


def test_a_control_that_is_not_in_place_does_not_operate_whatever_day_it_names(acme, mei, programme):
    with scope(acme):
        add_control("AC-01", "CC6.1", implementation="partly", starts_on=date(2025, 1, 1))
        line = timeline_of(programme, date(2026, 1, 5))
        assert line.advice.controls[0].operates is False


def test_only_a_control_of_a_category_alone_can_go_with_it(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor, categories=["availability"], period_start=date(2026, 7, 1))
        programme.phases.all().delete()
        add_control("AV-01", "A1.2", implementation="planned")
        both = add_control("AV-02", "A1.1", implementation="implemented", starts_on=date(2025, 1, 1))
        Mapping.objects.create(control=both, requirement=Requirement.objects.get(framework=framework(), ref="CC6.1"))
        line = timeline_of(programme, date(2026, 9, 20))
        assert [each.control.categories for each in line.advice.controls] == [{"availability"}, frozenset()]
        assert any(move.key == "drop_category" for move in line.moves)


def test_without_a_day_it_says_what_is_missing(acme, mei):
    with scope(acme):
        bare = make_programme(
            mei.actor, kind="nist_csf", framework=framework("nist-csf"), period_start=None, period_end=None,
            fieldwork_start=None,
        )  # fmt: skip
    assert "There is no day to work back from" in shown(mei, bare)


@pytest.mark.parametrize(
    ("kind", "key"),
    [("iso_stage_1", "iso27001"), ("iso_stage_2", "iso27001"), ("iso_surveillance", "iso27001"),
     ("iso_recertification", "iso27001"), ("pci", "pci-dss"), ("nist_csf", "nist-csf"), ("iso_27701", "iso27701")],
)  # fmt: skip
def test_every_kind_is_worked_back(acme, mei, kind, key):
    with scope(acme):
        made = make_programme(mei.actor, kind=kind, framework=framework(key), period_start=None, period_end=None)
    assert "At the latest by" in shown(mei, made)


def filled(**changed) -> dict[str, str]:
    sent = {}
    for each in DEFAULTS:
        name = each.key.replace(".", "_")
        sent |= {f"{name}_least": str(each.least), f"{name}_usual": str(each.usual)}
    return sent | changed


def test_lengths_of_ones_own_hold_until_they_are_set_back(acme, mei, programme):
    url = f"/o/acme/programmes/{programme.pk}/timing/pace/"
    assert mei.client.post(url, filled(phase_scoping_least="10")).status_code == 302
    with scope(acme):
        kept = PaceSetting.objects.get()
        assert (kept.key, kept.least, kept.usual) == ("phase.scoping", 10, 28)
        assert Entry.objects.get(action="programmes.pace.changed").after == {"phase.scoping": [10, 28]}
    assert mei.client.post(url, filled()).status_code == 302
    with scope(acme):
        assert not PaceSetting.objects.exists()


@pytest.mark.parametrize("wrong", [{"phase_scoping_least": "0"}, {"phase_scoping_usual": "3"}, {"phase_scoping_least": "x"}])
def test_a_length_that_makes_no_sense_is_refused(acme, mei, programme, wrong):
    url = f"/o/acme/programmes/{programme.pk}/timing/pace/"
    assert mei.client.post(url, filled(**wrong)).status_code == 422


def test_a_service_refuses_a_length_that_is_not_there(room, mei):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        set_pace(actor=mei.actor, lengths={"phase.lunch": (1, 2)})


@pytest.mark.parametrize("who", ["ada", "jonas", "femi"])
def test_other_roles_read_it_and_change_no_length(acme, programme, who, request):
    person = request.getfixturevalue(who)
    assert shown(person, programme)
    assert person.client.post(f"/o/acme/programmes/{programme.pk}/timing/pace/", filled()).status_code == 403


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"pci_party": "service_provider", "pci_level": "3"}, "pci_level"),
        ({"pci_party": "merchant", "pci_report": "saq_d_provider"}, "pci_report"),
        ({"pci_party": "service_provider", "pci_report": "saq_a"}, "pci_report"),
        ({"pci_party": "merchant", "pci_level": "2", "pci_report": "saq_a_ep"}, ""),
        ({"pci_party": "service_provider", "pci_level": "1", "pci_report": "roc"}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_pci_programme_has_party_level_and_report_that_fit(acme, mei, fields, wrong):
    sent = {"name": "PCI", "fieldwork_start": "2027-01-18"} | fields
    answer = mei.client.post("/o/acme/programmes/new/?kind=pci", sent)
    assert answer.status_code == (422 if wrong else 302)
    if wrong:
        assert wrong in answer.context["form"].errors


def test_only_pci_programmes_show_its_fields(acme, mei):
    assert b"pci_level" in mei.client.get("/o/acme/programmes/new/?kind=pci").content
    assert b"pci_level" not in mei.client.get("/o/acme/programmes/new/?kind=soc2_type_2").content
