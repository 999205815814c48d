"""A control applies to all services or to named ones, and programmes, coverage and lists follow."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audits.readiness.programme import Controls, readiness
from compliance.programmes.models import ProgrammeService
from compliance.registers.models import Service, SystemService
from compliance.registers.services import decide_scope
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.conditions import controls_asked
from controls.descriptions import controls_by_criterion
from controls.models import Control, ControlService, ControlSystem, ControlVersion, Standing
from controls.reach import Reach, controls_naming, scope_bounds
from controls.selectors import (
    applies_to,
    controls_matching,
    requirements_without_control,
    services_of,
    systems_of,
)
from controls.services.apply import apply_control
from evidence.coverage.selectors import intervals_of
from evidence.judging.services.stand import refresh_standings
from evidence.models import EvidenceRequirement
from gaps.bearing import Bearing
from tests.factories.compliance import make_programme, make_system
from tests.factories.controls import make_control, map_to

pytestmark = pytest.mark.django_db
PERIOD = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture()
def payments(room):
    return Service.objects.create(ref="SVC-001", name="Payments")


@pytest.fixture()
def reports(room):
    return Service.objects.create(ref="SVC-002", name="Reports")


@pytest.fixture()
def programme(room, mei):
    return make_programme(mei.actor)


def named(control, *services):
    ControlService.objects.bulk_create([ControlService(control=control, service=each) for each in services])
    return control


def cover(programme, *services):
    ProgrammeService.objects.bulk_create([ProgrammeService(programme=programme, service=each) for each in services])


def counted(programme):
    found = set(Control.objects.filter(applies_to(programme)).values_list("ref", flat=True))
    reach = Reach()
    assert found == {each.ref for each in Control.objects.all() if reach.counts(each.pk, programme)}
    return found


def test_one_that_names_no_service_counts_everywhere(programme, payments):
    make_control("AC-01")
    assert counted(programme) == {"AC-01"}
    cover(programme, payments)
    assert counted(programme) == {"AC-01"}


def test_one_that_names_services_counts_where_one_of_them_is_covered(programme, payments, reports):
    named(make_control("AC-01"), payments)
    named(make_control("AC-02"), reports)
    named(make_control("AC-03"), payments, reports)
    assert counted(programme) == {"AC-01", "AC-02", "AC-03"}
    cover(programme, payments)
    assert counted(programme) == {"AC-01", "AC-03"}


def test_what_does_not_apply_holds_no_requirement_up(programme, payments, reports):
    here, elsewhere = make_control("AC-01"), named(make_control("AC-02"), reports)
    map_to(here, "CC6.1")
    map_to(elsewhere, "CC6.1", "CC6.2")
    cover(programme, payments)
    assert [each.ref for each in controls_asked(programme)] == ["AC-01"]
    assert "CC6.2" in set(requirements_without_control(programme).values_list("ref", flat=True))
    assert "CC6.1" not in set(requirements_without_control(programme).values_list("ref", flat=True))
    figures = readiness(programme, Controls())
    states = {row["ref"]: row["state"] for row in figures["requirements"]}
    assert figures["controls"] == 1
    assert states["CC6.2"] == "not_assessed"
    bearing = Bearing()
    assert bearing.only[here.pk] == ["CC6.1"]
    assert not bearing.refs_of[elsewhere.pk]
    told = str(list(controls_by_criterion(programme)))
    assert "AC-01" in told
    assert "AC-02" not in told


def test_a_list_is_narrowed_to_a_system_and_to_a_service(room, mei, payments, reports):
    system = make_system(mei.actor)
    everywhere, here, elsewhere = make_control("AC-01"), named(make_control("AC-02"), payments), named(make_control("AC-03"), reports)
    ControlSystem.objects.create(control=here, system=system)
    assert list(controls_matching({"system": system.ref})) == [here]
    assert set(controls_matching({"service": "SVC-001"})) == {everywhere, here}
    assert elsewhere not in controls_matching({"service": "SVC-001"})


def test_a_system_knows_the_controls_that_name_it(room, mei):
    system, other = make_system(mei.actor), make_system(mei.actor, "Other")
    for ref, implementation in (("AC-02", "implemented"), ("AC-01", "planned"), ("AC-03", "retired")):
        ControlSystem.objects.create(control=make_control(ref, implementation=implementation), system=system)
    assert controls_naming([system, other]) == {system.pk: ("AC-01", "AC-02")}


# --- saying so -------------------------------------------------------------------------------------------------------


def test_naming_takes_the_place_of_what_was_named_and_leaves_a_trail(room, mei, payments, reports):
    control, system = named(make_control(), reports), make_system(mei.actor)
    apply_control(actor=mei.actor, control=control, systems=[system], services=[payments], reason="It is the ledger’s.")
    assert (list(systems_of(control)), list(services_of(control))) == ([system], [payments])
    entry = Entry.objects.get(action="controls.control.applied")
    assert (entry.before, entry.after["services"], entry.after["reason"]) == (
        {"systems": [], "services": ["SVC-002"]}, ["SVC-001"], "It is the ledger’s.",
    )  # fmt: skip
    first, second = control.versions.order_by("number")
    assert [each["ref"] for each in first.stated["services"]] == ["SVC-002"]
    assert (second.changed, second.stated["services"][0]["name"]) == (["systems", "services"], "Payments")
    apply_control(actor=mei.actor, control=control, systems=[system], services=[payments])
    assert control.versions.count() == 2


def test_a_system_that_serves_only_other_services_contradicts(room, mei, payments, reports):
    control, system = make_control(), make_system(mei.actor)
    SystemService.objects.create(system=system, service=reports)
    with pytest.raises(ValidationError) as refused:
        apply_control(actor=mei.actor, control=control, systems=[system], services=[payments])
    assert refused.value.message_dict == {"systems": [f"{system.ref} serves none of the services that are named."]}


def test_the_page_names_them_by_reference_and_refuses_what_the_register_does_not_know(acme, mei, jonas):
    with scope(acme):
        control, system = make_control(), make_system(mei.actor)
        service = Service.objects.create(ref="SVC-001", name="Payments")
    url = reverse("controls:apply", args=["acme", control.pk])
    refused = mei.client.post(url, {"systems": f"{system.ref} SYS-999"})
    assert (refused.status_code, refused.context["form"].errors["systems"]) == (422, ["The scope register has no SYS-999."])
    assert system.ref in refused.content.decode()
    assert mei.client.post(url, {"systems": f"{system.ref.lower()};", "services": [service.pk]}).status_code == 302
    content = jonas.client.get(reverse("controls:control", args=["acme", control.pk])).content.decode()
    assert "Payments" in content
    assert system.name in content
    assert mei.client.get(url).context["form"]["systems"].value() == system.ref
    assert jonas.client.post(url, {}).status_code == 403


# --- coverage --------------------------------------------------------------------------------------------------------


def test_intervals_are_expected_while_one_of_its_systems_is_in_scope(room, mei):
    late, gone, out = (make_system(mei.actor, name) for name in ("Late", "Gone", "Out"))
    decided = (
        (late, "in", "2026-04-01"), (gone, "in", "2025-01-01"), (gone, "out", "2026-09-30"), (out, "out", "2025-01-01"),
    )  # fmt: skip
    for system, decision, day in decided:
        decide_scope(
            actor=mei.actor, system=system, decision=decision, justification="So it is.", effective_on=date.fromisoformat(day)
        )
    by_late, by_both, by_out, by_none = (make_control(f"AC-0{number}") for number in range(1, 5))
    for control, systems in ((by_late, [late]), (by_both, [late, gone]), (by_out, [out])):
        ControlSystem.objects.bulk_create([ControlSystem(control=control, system=each) for each in systems])
    bounds = scope_bounds(PERIOD)
    assert bounds[by_late.pk] == (date(2026, 4, 1), None)
    assert bounds[by_both.pk] == (None, None)
    assert bounds[by_out.pk] is None
    assert by_none.pk not in bounds


def test_naming_a_system_later_takes_back_nothing_that_was_expected(room, mei):
    late, old = make_system(mei.actor, "Late"), make_system(mei.actor, "Old")
    for system, day in ((late, date(2026, 4, 1)), (old, date(2026, 2, 1))):
        decide_scope(actor=mei.actor, system=system, decision="in", justification="So it is.", effective_on=day)
    free, moved, same_day = (make_control(f"AC-0{number}") for number in range(1, 4))
    versions = (
        (free, 1, (2026, 1, 10), []), (free, 2, (2026, 6, 1), [late]), (moved, 1, (2026, 1, 10), [old]),
        (moved, 2, (2026, 6, 1), [late]), (same_day, 1, (2026, 6, 1), []), (same_day, 2, (2026, 6, 1), [late]),
    )  # fmt: skip
    for control, number, day, systems in versions:
        ControlVersion.objects.create(
            control=control, number=number, valid_from=datetime(*day, 9 + number, tzinfo=UTC),
            stated={"systems": [{"id": str(each.pk), "name": each.name} for each in systems]},
        )
    ControlSystem.objects.bulk_create([ControlSystem(control=each, system=late) for each in (free, moved, same_day)])
    bounds = scope_bounds(PERIOD)
    assert free.pk not in bounds
    assert bounds[moved.pk] == (date(2026, 2, 1), None)
    assert bounds[same_day.pk] == (date(2026, 4, 1), None)


def test_the_standing_expects_nothing_before_its_system_was_in_scope(programme, mei):
    system = make_system(mei.actor)
    decide_scope(
        actor=mei.actor, system=system, decision="in", justification="So it is.", effective_on=date(2026, 4, 1)
    )
    free, late, since = (make_control(f"AC-0{number}") for number in range(1, 4))
    ControlSystem.objects.create(control=late, system=system)
    Control.objects.filter(pk=since.pk).update(starts_on=date(2026, 7, 1))
    asked = [
        EvidenceRequirement.objects.create(ref=f"EVR-{n}", control=each, key="k", title="Review", cadence="monthly", source="person")
        for n, each in enumerate((free, late, since))
    ]  # fmt: skip
    refresh_standings()
    expected = {row.control_id: sum(row.coverage["sums"].values()) for row in Standing.objects.all()}
    assert [expected[each.pk] for each in (free, late, since)] == [12, 9, 6]
    assert [len(intervals_of(each)) for each in EvidenceRequirement.objects.filter(pk__in=[one.pk for one in asked]).order_by("ref")] == [
        12, 9, 6,
    ]  # fmt: skip
    decide_scope(actor=mei.actor, system=system, decision="out", justification="No more.", effective_on=date(2025, 1, 1))
    refresh_standings()
    assert Standing.objects.get(control=late).coverage == {}
    assert intervals_of(asked[1]) == []


def test_evidence_of_a_person_that_nobody_approved_is_counted(room):
    control = make_control()
    EvidenceRequirement.objects.create(
        ref="EVR-1", control=control, key="k", title="Review", cadence="monthly", source="person", freshness="current"
    )
    EvidenceRequirement.objects.create(
        ref="EVR-2", control=control, key="l", title="Facts", cadence="monthly", source="collector", freshness="current"
    )
    refresh_standings()
    assert Standing.objects.get(control=control).unapproved == 1
