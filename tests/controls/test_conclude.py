"""What somebody other than the owner says of a control: its design, its population."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from controls.models import Control
from controls.services.assign import assign_controls
from controls.services.change import change_control
from controls.services.conclude import conclude_design, confirm_population
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control

pytestmark = pytest.mark.django_db


def at(name, control):
    return reverse(f"controls:{name}", args=["acme", control.pk])


def test_an_approver_concludes_that_the_design_is_suitable(acme, femi):
    with scope(acme):
        control = make_control()
    femi.client.post(at("conclude", control), {"design": "suitable", "reason": "Walked through with its owner."})
    with scope(acme):
        control = Control.objects.get()
        assert (control.design, control.design_by_id) == ("suitable", femi.membership.pk)
        entry = Entry.objects.get(action="controls.control.design_concluded")
        assert entry.after == {"design": "suitable", "design_reason": "Walked through with its owner."}


def test_the_owner_never_concludes_on_their_own(acme, mei):
    with scope(acme):
        control = make_control(owner=mei.membership)
    answer = mei.client.post(at("conclude", control), {"design": "suitable", "reason": "I think so."})
    assert answer.status_code == 403
    with scope(acme):
        assert Control.objects.get().design == "not_assessed"


def test_a_conclusion_needs_a_reason(acme, mei):
    with scope(acme):
        control = make_control()
    answer = mei.client.post(at("conclude", control), {"design": "unsuitable", "reason": ""})
    assert answer.status_code == 422
    assert "reason" in answer.context["design_form"].errors


def test_nothing_but_suitable_or_not_is_a_conclusion(room, mei):
    with pytest.raises(ValidationError):
        conclude_design(actor=mei.actor, control=make_control(), design="not_assessed", reason="Later.")


def test_no_program_concludes_by_itself(room):
    with pytest.raises(PermissionDenied):
        conclude_design(actor=SYSTEM, control=make_control(), design="suitable", reason="Because.")


@pytest.mark.parametrize("who", ["jonas", "ada", "noor"])
def test_a_role_without_the_right_is_refused(acme, request, who):
    with scope(acme):
        control = make_control(population="Leavers", tested_by_sample=True)
    client = request.getfixturevalue(who).client
    assert client.post(at("conclude", control), {"design": "suitable", "reason": "Yes."}).status_code == 403
    assert client.post(at("confirm", control), {"note": "Yes."}).status_code == 403


def test_a_population_is_confirmed_with_how_it_was_seen(acme, mei):
    with scope(acme):
        control = make_control(population="Leavers of the period, from the people list", tested_by_sample=True)
    mei.client.post(at("confirm", control), {"note": "61 rows, as many as payroll ended."})
    with scope(acme):
        control = Control.objects.get()
        assert (control.population_confirmed_by, control.population_note) == ("Mei-Ling Chu", "61 rows, as many as payroll ended.")
        assert Entry.objects.filter(action="controls.control.population_confirmed").count() == 1


def test_a_population_that_is_not_named_cannot_be_confirmed(room, mei):
    with pytest.raises(ValidationError):
        confirm_population(actor=mei.actor, control=make_control(tested_by_sample=True), note="Looks complete.")


def test_the_owner_never_confirms_their_own_population(room, mei):
    control = make_control(owner=mei.membership, population="Leavers", tested_by_sample=True)
    with pytest.raises(PermissionDenied):
        confirm_population(actor=mei.actor, control=control, note="Looks complete.")


def test_the_owner_is_told_why_the_form_is_not_there(acme, mei):
    with scope(acme):
        control = make_control(owner=mei.membership)
    assert b"Another person has to conclude on its design" in mei.client.get(at("control", control)).content


@pytest.fixture
def handed_on(room, mei, jonas):
    """Mei owned the control in the period, and handed it to Jonas; whoever wants to may judge it now."""
    control = make_control(owner=mei.membership, population="Leavers, from the people list", tested_by_sample=True)
    return change_control(actor=mei.actor, control=control, owner=jonas.membership)


def test_whoever_handed_it_on_does_not_confirm_its_population(acme, mei, handed_on):
    assert mei.client.post(at("confirm", handed_on), {"note": "61 rows."}).status_code == 403
    page = mei.client.get(at("control", handed_on)).content.decode()
    assert "You owned AC-07 until" in page
    assert "Confirm it is complete" not in page


def test_whoever_owned_it_before_the_period_may(room, mei, femi, jonas):
    with time_machine.travel("2025-03-01T12:00Z", tick=False):
        control = make_control(owner=femi.membership, population="Leavers", tested_by_sample=True)
        change_control(actor=mei.actor, control=control, owner=jonas.membership)
    with pytest.raises(PermissionDenied):
        confirm_population(actor=femi.actor, control=control, note="61 rows.")
    make_programme(mei.actor)
    assert confirm_population(actor=femi.actor, control=control, note="61 rows.").population_confirmed_at


def test_who_confirmed_is_kept_as_that_person(room, femi):
    control = make_control(population="Leavers", tested_by_sample=True)
    assert confirm_population(actor=femi.actor, control=control, note="61 rows.").population_confirmer_id == femi.membership.pk


@pytest.mark.parametrize("by", ["change", "assign"])
def test_what_the_next_owner_said_of_it_has_to_be_said_anew(room, mei, femi, by):
    control = make_control(population="Leavers", tested_by_sample=True)
    conclude_design(actor=femi.actor, control=control, design="suitable", reason="Walked through.")
    confirm_population(actor=femi.actor, control=control, note="61 rows.")
    if by == "change":
        change_control(actor=mei.actor, control=control, owner=femi.membership)
    else:
        assign_controls(actor=mei.actor, controls=[control.pk], owner=femi.membership)
    found = Control.objects.get()
    assert (found.design, found.design_by, found.population_confirmed_at, found.population_confirmer) == ("not_assessed", None, None, None)
    assert Entry.objects.get(action="controls.control.changed").after["design"] == "not_assessed"


def test_what_others_said_of_it_stays_when_it_changes_hands(room, mei, femi, jonas):
    control = make_control(population="Leavers", tested_by_sample=True)
    conclude_design(actor=femi.actor, control=control, design="suitable", reason="Walked through.")
    confirm_population(actor=femi.actor, control=control, note="61 rows.")
    assign_controls(actor=mei.actor, controls=[control.pk], owner=jonas.membership)
    found = Control.objects.get()
    assert (found.design, found.population_confirmer_id) == ("suitable", femi.membership.pk)


def test_a_confirmation_of_which_only_the_name_was_kept_is_known_by_it(room, mei, femi):
    control = make_control(population="Leavers", tested_by_sample=True)
    confirm_population(actor=femi.actor, control=control, note="61 rows.")
    Control.objects.update(population_confirmer=None)
    change_control(actor=mei.actor, control=Control.objects.get(), owner=femi.membership)
    assert Control.objects.get().population_confirmed_at is None
