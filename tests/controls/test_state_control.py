"""Writing a control, changing it, retiring it, and taking it up again."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.events import control_changed
from controls.models import Control
from controls.services.add import add_control
from controls.services.change import change_control, fingerprint, reinstate_control, retire_control
from tests.factories.controls import make_control

pytestmark = pytest.mark.django_db
TESTS = {
    "tests-TOTAL_FORMS": "2", "tests-INITIAL_FORMS": "0", "tests-0-type": "inspection", "tests-0-text": "Inspect one.",
    "tests-1-type": "inquiry", "tests-1-text": "",
}  # fmt: skip
FORM = {
    "ref": "AC-99", "title": "Keys are rotated", "statement": "The platform lead rotates every key once a year.",
    "frequency": "annual", "nature": "manual", "kind": "preventive", "key": "on", "implementation": "implemented", **TESTS,
}  # fmt: skip


def at(name, *args):
    return reverse(f"controls:{name}", args=["acme", *args])


def test_a_manager_writes_a_control(acme, mei):
    answer = mei.client.post(at("add"), FORM)
    with scope(acme):
        control = Control.objects.get()
        assert answer.headers["Location"] == at("control", control.pk)
        assert control.test_procedures == [{"type": "inspection", "text": "Inspect one."}]
        assert Entry.objects.get(action="controls.control.added").target_id == control.pk


def test_a_reference_that_is_taken_is_said_beside_it_and_nothing_typed_is_lost(acme, mei):
    with scope(acme):
        make_control("AC-99")
    answer = mei.client.post(at("add"), FORM)
    assert answer.status_code == 422
    assert answer.context["form"].errors["ref"] == ["AC-99 is taken. Choose another reference."]
    assert b"The platform lead rotates every key once a year." in answer.content
    assert b"Inspect one." in answer.content


def test_a_reference_that_is_none_is_refused(room, mei):
    with pytest.raises(ValidationError) as refused:
        add_control(actor=mei.actor, ref="access 7", title="T", statement="S")
    assert "ref" in refused.value.message_dict


@pytest.mark.parametrize("who", ["jonas", "ada", "femi", "noor"])
def test_nobody_but_the_managers_of_the_programme_may_write_or_change_one(acme, request, who):
    person = request.getfixturevalue(who)
    with scope(acme):
        control = make_control(owner=person.membership)
    assert person.client.post(at("add"), FORM).status_code == 403
    assert person.client.post(at("change", control.pk), FORM).status_code == 403
    assert person.client.post(at("retire", control.pk), {"reason": "No."}).status_code == 403


def test_another_organisation_sees_nothing_of_it(acme, stranger):
    with scope(acme):
        control = make_control()
    assert stranger.client.get(at("control", control.pk)).status_code == 404
    own = reverse("controls:control", args=["borealis", control.pk])
    assert stranger.client.get(own).status_code == 404


def test_a_change_leaves_what_it_was_and_what_it_is_in_the_trail(room, mei, jonas):
    control = make_control()
    change_control(actor=mei.actor, control=control, owner=jonas.membership, frequency="monthly")
    entry = Entry.objects.get(action="controls.control.changed")
    assert entry.before == {"owner": None, "frequency": "quarterly"}
    assert entry.after == {"owner": "Jonas Lindqvist", "frequency": "monthly"}


def test_what_was_concluded_on_another_statement_holds_no_longer(room, mei):
    control = make_control(design="suitable", design_reason="Walked through.", population="Leavers", tested_by_sample=True)
    changed = change_control(actor=mei.actor, control=control, statement="Something else is done.")
    assert (changed.design, changed.design_reason) == ("not_assessed", "")
    assert Entry.objects.get(action="controls.control.changed").after["design"] == "not_assessed"


def test_another_title_leaves_the_conclusion_as_it_is(room, mei):
    control = make_control(design="suitable", design_reason="Walked through.")
    assert change_control(actor=mei.actor, control=control, title="Reviewed quarterly").design == "suitable"


def test_an_owner_who_has_left_cannot_be_named(room, mei, jonas):
    jonas.membership.ended_at = jonas.membership.joined_at
    jonas.membership.save()
    with pytest.raises(ValidationError) as refused:
        change_control(actor=mei.actor, control=make_control(), owner=jonas.membership)
    assert refused.value.message_dict == {"owner": ["Jonas Lindqvist has left. Name somebody who is here."]}


def test_two_who_write_at_once_do_not_overwrite_each_other(acme, mei):
    with scope(acme):
        control = make_control()
        seen = fingerprint(control)
        change_control(actor=mei.actor, control=control, title="What the other wrote")
    answer = mei.client.post(at("change", control.pk), FORM | {"title": "What I wrote", "seen": seen})
    assert answer.status_code == 409
    assert b"What I wrote" in answer.content
    with scope(acme):
        assert Control.objects.get().title == "What the other wrote"


def test_the_page_of_a_change_saves_and_says_so(acme, mei):
    with scope(acme):
        control = make_control()
        seen = fingerprint(control)
    answer = mei.client.post(at("change", control.pk), FORM | {"title": "Keys are turned", "seen": seen})
    assert answer.headers["Location"] == at("control", control.pk)
    with scope(acme):
        assert Control.objects.get().title == "Keys are turned"


def test_retiring_needs_a_reason_and_keeps_all_that_was(acme, mei):
    with scope(acme):
        control = make_control()
    assert mei.client.post(at("retire", control.pk), {"reason": " "}).status_code == 422
    mei.client.post(at("retire", control.pk), {"reason": "The system is gone."})
    with scope(acme):
        assert Control.objects.get().implementation == "retired"
        assert Entry.objects.get(action="controls.control.retired").after["reason"] == "The system is gone."
    assert b"AC-07" not in mei.client.get(at("matrix")).content


def test_a_retired_one_is_taken_up_again_as_planned(room, mei):
    control = retire_control(actor=mei.actor, control=make_control(), reason="A mistake.")
    assert reinstate_control(actor=mei.actor, control=control).implementation == "planned"
    assert Entry.objects.filter(action="controls.control.reinstated").count() == 1


def test_whoever_listens_hears_of_it_after_commit(acme, mei, django_capture_on_commit_callbacks):
    heard = []

    def listen(**told):
        heard.append(told)

    control_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True), scope(acme):
            control = make_control()
            change_control(actor=mei.actor, control=control, title="Another")
    finally:
        control_changed.disconnect(listen)
    assert [(told["organization_id"], told["control_id"]) for told in heard] == [(str(acme.pk), str(control.pk))]
