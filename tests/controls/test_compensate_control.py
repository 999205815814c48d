"""A control does what another was for: said with a reason, shown on both sides, and worth what its own evidence shows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.compensating import in_force, operating
from controls.models import Compensation
from controls.services.compensate import compensate_control, end_compensation
from gaps.bearing import Bearing
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control, map_to, stand

pytestmark = pytest.mark.django_db
SINCE = date(2026, 3, 1)


@pytest.fixture()
def pair(room):
    return make_control("AC-01"), make_control("AC-02", title="Logs are read by hand")


def made(actor, pair, **fields):
    values = {"reason": "The logs show the same accounts.", "starts_on": SINCE}
    return compensate_control(actor=actor, control=pair[0], by=pair[1], **values | fields)


def test_it_is_said_with_a_reason_from_a_day_on_and_leaves_a_trail(mei, pair):
    relation = made(mei.actor, pair)
    assert (relation.starts_on, relation.ends_on, relation.made_by) == (SINCE, None, "Mei-Ling Chu")
    entry = Entry.objects.get(action="controls.control.compensated")
    assert (entry.target_id, entry.after["by"]) == (pair[0].pk, "AC-02")


@pytest.mark.parametrize(
    ("fields", "wrong"), [({"reason": " "}, "reason"), ({"starts_on": date(2199, 1, 1)}, "starts_on")]
)
def test_what_is_missing_is_refused(mei, pair, fields, wrong):
    with pytest.raises(ValidationError) as refused:
        made(mei.actor, pair, **fields)
    assert set(refused.value.message_dict) == {wrong}


def test_neither_itself_nor_a_retired_one_nor_the_same_twice(mei, pair):
    with pytest.raises(ValidationError, match="itself"):
        made(mei.actor, (pair[0], pair[0]))
    made(mei.actor, pair)
    with pytest.raises(ValidationError, match="named already"):
        made(mei.actor, pair)
    with pytest.raises(ValidationError, match="is retired"):
        made(mei.actor, (pair[0], make_control("AC-03", implementation="retired")))


def test_the_database_refuses_a_control_for_itself(pair):
    with pytest.raises(IntegrityError), transaction.atomic():
        Compensation.objects.create(control=pair[0], by=pair[0], reason="x", starts_on=SINCE, made_by="Mei")


def test_it_ends_with_a_reason_and_what_was_stays(mei, pair):
    relation = made(mei.actor, pair)
    with pytest.raises(ValidationError):
        end_compensation(actor=mei.actor, compensation=relation, reason=" ")
    ended = end_compensation(actor=mei.actor, compensation=relation, reason="The first works again.")
    day = today("Europe/Lisbon")
    assert ended.ends_on == day
    assert list(in_force(day)) == [relation]
    assert not in_force(day + timedelta(days=1)).exists()
    assert not in_force(SINCE - timedelta(days=1)).exists()
    assert made(mei.actor, pair).pk != relation.pk


@pytest.mark.parametrize("operation", ["fail", "unknown", "excepted", "not_observed", "not_applicable"])
def test_only_one_that_passes_is_worth_anything(mei, pair, operation):
    relation = made(mei.actor, pair)
    assert not operating(today()).exists()
    standing = stand(pair[1])
    assert list(operating(today())) == [relation]
    standing.operation = operation
    standing.save()
    assert not operating(today()).exists()


def test_one_that_is_not_in_place_is_worth_nothing(mei, pair):
    made(mei.actor, pair)
    stand(pair[1])
    type(pair[1]).objects.filter(pk=pair[1].pk).update(implementation="planned")
    assert not operating(today()).exists()


def test_a_requirement_whose_only_key_control_fails_has_fallen_unless_another_stands_in(mei, pair):
    make_programme(mei.actor)
    map_to(pair[0], "CC6.1")
    stand(pair[0], operation="fail")
    assert Bearing().fallen[pair[0].pk] == ["CC6.1"]
    made(mei.actor, pair)
    assert Bearing().fallen[pair[0].pk] == ["CC6.1"]
    stand(pair[1])
    assert Bearing().fallen[pair[0].pk] == []


def test_both_pages_show_it_and_only_who_may_change_can_say_or_end_it(acme, mei, jonas, stranger):
    with scope(acme):
        first, second = make_control("AC-01"), make_control("AC-02", title="Logs are read by hand")
    url = reverse("controls:compensate", args=["acme", first.pk])
    sent = {"by": "ac-02", "reason": "The logs show the same accounts.", "starts_on": "2026-03-01"}
    assert jonas.client.post(url, sent).status_code == 403
    assert stranger.client.post(url, sent).status_code == 404
    refused = mei.client.post(url, sent | {"by": "AC-99"})
    assert (refused.status_code, refused.context["compensation_form"].errors["by"]) == (422, ["No control has the reference AC-99."])
    assert "The logs show the same accounts." in refused.content.decode()
    assert mei.client.post(url, sent | {"by": "AC-01"}).status_code == 422
    assert mei.client.post(url, sent).status_code == 302
    shown = jonas.client.get(reverse("controls:control", args=["acme", first.pk])).content.decode()
    assert "What stands in for it" in shown
    assert "It does not show that it operates" in shown
    assert "What it stands in for" in jonas.client.get(reverse("controls:control", args=["acme", second.pk])).content.decode()
    with scope(acme):
        relation = Compensation.objects.get()
    end = reverse("controls:end_compensation", args=["acme", relation.pk])
    assert mei.client.post(end, {"reason": ""}).status_code == 422
    assert mei.client.post(end, {"reason": "It works again."}).status_code == 302
    assert "It works again." in mei.client.get(reverse("controls:control", args=["acme", first.pk])).content.decode()
