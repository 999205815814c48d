"""What remains to be said of controls is said for many at once, each with its own version and trail entry."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.events import control_changed
from controls.models import Control
from controls.services.assign import assign_controls
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control, map_to

pytestmark = pytest.mark.django_db
REMAINING, ASSIGN = reverse("controls:remaining", args=["acme"]), reverse("controls:assign", args=["acme"])


def many(number):
    return [make_control(f"AC-{n:02}", owner_role="Security lead" if n % 2 else "IT lead") for n in range(1, number + 1)]


def test_each_gets_its_version_its_entry_and_its_news(acme, mei, jonas, priya, django_capture_on_commit_callbacks):
    heard = []

    def listen(**told):
        heard.append((told["control_id"], told.get("former_owner_id")))

    with scope(acme):
        first, second = many(2)
        Control.objects.filter(pk=second.pk).update(owner=priya.membership)
    control_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True), scope(acme):
            changed = assign_controls(actor=mei.actor, controls=[first.pk, second.pk], owner=jonas.membership)
    finally:
        control_changed.disconnect(listen)
    assert changed == [first, second]
    assert heard == [(str(first.pk), None), (str(second.pk), str(priya.membership.pk))]
    with scope(acme):
        told = Entry.objects.filter(action="controls.control.changed").order_by("target_label")
        assert [(each.before["owner"], each.after["owner"]) for each in told] == [
            (None, "Jonas Lindqvist"), ("Priya Raghunathan", "Jonas Lindqvist"),
        ]  # fmt: skip
        assert second.versions.first().changed == ["owner"]


def test_those_that_say_it_already_and_retired_ones_are_passed_over(room, mei, jonas):
    held, retired = make_control("AC-01", owner=jonas.membership), make_control("AC-02", implementation="retired")
    assert assign_controls(actor=mei.actor, controls=[held.pk, retired.pk], owner=jonas.membership) == []
    assert not Entry.objects.exists()


def test_only_owner_day_and_state_and_nobody_who_has_left(room, mei, jonas):
    control = make_control()
    for wrong in ({"statement": "x"}, {"implementation": "retired"}):
        with pytest.raises(ValidationError):
            assign_controls(actor=mei.actor, controls=[control.pk], **wrong)
    jonas.membership.ended_at = now()
    jonas.membership.save()
    with pytest.raises(ValidationError, match="has left"):
        assign_controls(actor=mei.actor, controls=[control.pk], owner=jonas.membership)


def test_it_takes_as_many_queries_for_forty_as_for_four(room, mei, jonas):
    controls = [each.pk for each in many(44)]

    def cost(ids):
        with CaptureQueriesContext(connection) as found:
            assign_controls(actor=mei.actor, controls=ids, owner=jonas.membership, starts_on=date(2026, 1, 1))
        return len(found)

    assert cost(controls[:4]) == cost(controls[4:])


def test_the_page_lists_what_lacks_an_owner_or_a_start_and_gives_out_what_is_ticked(acme, mei, jonas):
    with scope(acme):
        first, second, _ = many(3)
        make_control("AC-90", owner=jonas.membership, starts_on=date(2026, 1, 1))
    shown = mei.client.get(REMAINING).context
    assert {each.ref for each in shown["page"]} == {"AC-01", "AC-02", "AC-03"}
    assert (shown["unowned"], shown["undated"]) == (3, 3)
    answer = mei.client.post(
        f"{ASSIGN}?lack=owner", {"controls": [first.pk, second.pk], "owner": jonas.membership.pk, "starts_on": "2026-02-01"}
    )
    assert answer.headers["Location"] == f"{REMAINING}?lack=owner"
    with scope(acme):
        assert list(Control.objects.filter(starts_on=date(2026, 2, 1)).values_list("ref", "owner__name")) == [
            ("AC-01", "Jonas Lindqvist"), ("AC-02", "Jonas Lindqvist"),
        ]  # fmt: skip
    assert mei.client.get(REMAINING).context["number"] == 1


def test_all_that_the_filters_leave_can_be_given_to_one_person(acme, mei, jonas):
    with scope(acme):
        many(5)
    mei.client.post(f"{ASSIGN}?role=IT+lead", {"all": "1", "owner": jonas.membership.pk})
    with scope(acme):
        assert set(Control.objects.filter(owner__isnull=False).values_list("ref", flat=True)) == {"AC-02", "AC-04"}


@pytest.mark.parametrize(
    "sent",
    [{}, {"controls": ["nothing"]}, {"owner": "nobody", "all": "1"}, {"starts_on": "soon", "all": "1"}, {"all": "1"}, {"controls": "\x00"}],
)
def test_what_is_not_said_is_refused_and_the_ticks_stay(acme, mei, sent):
    with scope(acme):
        control = make_control()
    answer = mei.client.post(ASSIGN, {"controls": str(control.pk), **sent})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    if "controls" not in sent:
        assert "checked" in answer.content.decode()


def test_requirements_that_nothing_meets_are_named(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor)
        map_to(make_control(), "CC6.1")
    (told,) = mei.client.get(REMAINING).context["open"]
    assert told["programme"] == programme
    assert told["number"] == 32
    assert "CC6.1" not in {each.ref for each in told["rows"]}


def test_who_may_only_see_is_shown_no_form_and_may_not_assign(acme, jonas, noor, stranger):
    with scope(acme):
        control = make_control()
    assert "Set for what is ticked" not in jonas.client.get(REMAINING).content.decode()
    assert jonas.client.post(ASSIGN, {"controls": control.pk, "owner": jonas.membership.pk}).status_code == 403
    assert noor.client.get(REMAINING).status_code == 403
    assert stranger.client.get(REMAINING).status_code == 404
