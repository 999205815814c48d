"""A day that has passed, judged again on the facts that were kept of it; and a new check that judges the whole past."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.checks import catalogue
from evidence.collectors.models import Connection
from evidence.collectors.services.retire import retire_connection
from evidence.judging.models import CheckState, LookBack, ResourceInterval, ThresholdSetting
from evidence.judging.selectors_of_past import judge_day
from evidence.judging.services.hold_to import set_threshold
from evidence.judging.services.judge import judge_connection
from evidence.judging.services.look_back import begin_look_back, take_step
from evidence.judging.tasks import judge as judge_task
from evidence.threshold_values import read, valid, words
from tests.api.conftest import Caller
from tests.evidence.judged_facts import keep_look
from tests.factories.compliance import make_programme
from tests.factories.evidence import make_connection

pytestmark = pytest.mark.django_db
CHECK = "github.org.default_permission"
KIND = "github.org"
ZONE = ZoneInfo("Europe/Lisbon")


def noon(days_ago: int) -> datetime:
    return datetime.combine(today("Europe/Lisbon") - timedelta(days=days_ago), time(12), ZONE)


def permission(value: str) -> dict:
    return {"login": "acme", "default_repository_permission": value}


@pytest.fixture()
def github(acme, mei):
    """Looked at each noon of the last fortnight; members could write from the tenth to the sixth day ago."""
    with scope(acme):
        connection = make_connection(mei.actor)
        for days in range(14, 0, -1):
            keep_look(connection, KIND, permission("write" if 6 <= days <= 10 else "read"), at=noon(days))
    return connection


def outcome_on(connection, days_ago: int, check: str = CHECK):
    (judged,) = judge_day(catalogue.get(check), [connection], today("Europe/Lisbon") - timedelta(days=days_ago))
    return judged


def told(check: str = CHECK):
    rows = ResourceInterval.objects.filter(check_id=check).order_by("started_at", "id")
    return [(row.outcome, (noon(0) - row.started_at).days, (noon(0) - row.ended_at).days if row.ended_at else None) for row in rows]


def finish(look_back, days=5):
    steps = 1
    while not take_step(look_back, days=days):
        steps += 1
    return steps


# --- one day ---------------------------------------------------------------------------------------------------------


def test_each_day_is_judged_on_its_own_facts_and_nothing_is_written(acme, github):
    with scope(acme):
        found = {days: str(outcome_on(github, days).outcome) for days in (13, 10, 8, 6, 5, 2)}
        assert found == {13: "pass", 10: "fail", 8: "fail", 6: "fail", 5: "pass", 2: "pass"}
        assert not ResourceInterval.objects.exists()
        assert not CheckState.objects.exists()


def test_a_day_on_which_a_connection_was_in_use_shows_what_it_saw_though_it_is_retired_since(acme, github, ada, token_of):
    """To retire it takes nothing off the past; of later days it says nothing."""
    with scope(acme):
        retire_connection(actor=ada.actor, connection=github, reason="Replaced.")
        Connection.objects.update(retired_at=noon(3))
    page = f"/o/acme/checks/{CHECK}/day/"
    caller = Caller(token_of(acme, Permission.EVIDENCE_VIEW))
    for days, seen in ((8, True), (3, True), (2, False)):
        on = (today("Europe/Lisbon") - timedelta(days=days)).isoformat()
        assert ("-h\">GitHub<" in ada.client.get(page, {"day": on}).content.decode()) is seen
        assert bool(caller.post(f"checks/{CHECK}/judge-day/", {"day": on}).json()["connections"]) is seen



def test_it_names_the_version_that_it_read(acme, github):
    with scope(acme):
        look = outcome_on(github, 8).looks[KIND]
        assert look.at == noon(8)
        assert look.version_id is not None


def test_before_the_first_look_there_is_nothing_to_say(acme, github):
    with scope(acme):
        assert outcome_on(github, 30).outcome is None


def test_two_looks_too_far_apart_leave_the_days_between_unknown(acme, mei):
    with scope(acme):
        connection = make_connection(mei.actor)
        keep_look(connection, KIND, permission("read"), at=noon(20))
        keep_look(connection, KIND, permission("read"), at=noon(2))
        assert str(outcome_on(connection, 19).outcome) == "pass"
        judged = outcome_on(connection, 10)
        assert str(judged.outcome) == "unknown"
        assert judged.findings[0].reason == "not_collected"


def test_a_day_on_which_it_could_not_be_read_is_unknown_for_that_reason(acme, github):
    with scope(acme):
        keep_look(github, KIND, None, at=noon(4) + timedelta(hours=1), reason="denied")
        judged = outcome_on(github, 4)
        assert (str(judged.outcome), judged.findings[0].reason) == ("unknown", "denied")


def test_its_page_says_what_it_proves_and_links_what_it_read(acme, github, jonas):
    day = today("Europe/Lisbon") - timedelta(days=8)
    page = jonas.client.get(reverse("checks:on_day", args=["acme", CHECK]) + f"?day={day.isoformat()}").content.decode()
    assert "never that a review took place" in page
    assert "base permission is write" in page
    assert "/evidence/artefacts/" in page


def test_a_day_that_has_not_come_is_refused(github, jonas):
    url = reverse("checks:on_day", args=["acme", CHECK])
    assert jonas.client.get(url + f"?day={(today() + timedelta(days=3)).isoformat()}").status_code == 422
    assert jonas.client.get(url + "?day=x").status_code in {200, 422}


# --- the whole past --------------------------------------------------------------------------------------------------


def test_a_new_check_judges_the_period_before_it_spoke(acme, mei, github):
    with scope(acme):
        judge_connection(github)
        (look_back,) = begin_look_back(actor=mei.actor, connection=github, check_ids=[CHECK], since=noon(30).date())
        assert finish(look_back) > 1
        assert told()[:3] == [("pass", 14, 10), ("fail", 10, 5), ("pass", 5, 1)]
        later = ResourceInterval.objects.filter(check_id=CHECK, judged_later=True)
        assert later.count() == 3
        assert set(later.values_list("check_version", flat=True)) == {catalogue.get(CHECK).version}
        assert Entry.objects.filter(action="judging.past.finished").count() == 1


@pytest.mark.parametrize("days", [1, 2, 7, 60])
def test_the_steps_make_no_difference(acme, mei, github, days):
    with scope(acme):
        judge_connection(github)
        (look_back,) = begin_look_back(actor=mei.actor, connection=github, check_ids=[CHECK], since=noon(30).date())
        finish(look_back, days)
        assert told()[:3] == [("pass", 14, 10), ("fail", 10, 5), ("pass", 5, 1)]


def test_of_a_day_with_many_looks_each_is_judged(acme, mei):
    """Looked at every six hours; members could write for one look of one night, which no evening of these days showed."""
    with scope(acme):
        connection = make_connection(mei.actor, every_minutes=360)
        for number in range(12):
            keep_look(connection, KIND, permission("write" if number == 5 else "read"), at=noon(4) + timedelta(hours=6 * number))
        (look_back,) = begin_look_back(actor=mei.actor, connection=connection, check_ids=[CHECK], since=noon(10).date())
        finish(look_back)
        rows = ResourceInterval.objects.filter(check_id=CHECK).order_by("started_at", "id").values_list("outcome", flat=True)
        assert [outcome for outcome in rows if outcome != "unknown"] == ["pass", "fail", "pass"]
        assert list(rows).index("fail") == 1, "the looks before it are near each other: nothing between them is unknown"


def test_what_was_judged_in_its_time_is_not_judged_again(acme, mei, github):
    with scope(acme):
        ResourceInterval.objects.create(
            connection=github, check_id=CHECK, resource="org:acme", outcome="pass", started_at=noon(9), seen_until=noon(1)
        )
        (look_back,) = begin_look_back(actor=mei.actor, connection=github, check_ids=[CHECK], since=noon(30).date())
        finish(look_back)
        later = ResourceInterval.objects.filter(judged_later=True).order_by("started_at")
        assert [(row.outcome, row.ended_at) for row in later] == [("pass", noon(10)), ("fail", noon(9))]


def test_done_twice_it_is_once(acme, mei, github):
    with scope(acme):
        judge_connection(github)
        (look_back,) = begin_look_back(actor=mei.actor, connection=github, check_ids=[CHECK], since=noon(30).date())
        finish(look_back)
        before = told()
        assert take_step(look_back) is True
        assert begin_look_back(actor=mei.actor, connection=github, check_ids=[CHECK], since=noon(14).date()) == []
        assert told() == before


def test_without_a_period_a_day_has_to_be_said(acme, mei, github):
    with scope(acme), pytest.raises(ValidationError):
        begin_look_back(actor=mei.actor, connection=github, check_ids=[CHECK])


def test_a_check_that_speaks_for_the_first_time_looks_back_by_itself(acme, mei, github):
    with scope(acme):
        make_programme(
            mei.actor, period_start=noon(12).date(), period_end=noon(-200).date(), fieldwork_start=noon(-210).date()
        )
    judge_task(str(acme.pk), str(github.pk))
    with scope(acme):
        back = LookBack.objects.get(check_id=CHECK)
        finish(back)
        assert ("fail", 10, 5) in told()


def test_it_is_begun_on_the_page(acme, mei, jonas, github):
    url = reverse("checks:judge_past", args=["acme", CHECK])
    assert jonas.client.post(url, {}).status_code == 403
    assert mei.client.post(url, {"since": ""}).status_code == 422
    assert mei.client.post(url, {"since": noon(20).date().isoformat()}).status_code == 302
    with scope(acme):
        assert LookBack.objects.filter(check_id=CHECK).exists()


# --- what it is held to ----------------------------------------------------------------------------------------------

USERS = "okta.users.inactive"
HELD = reverse("checks:hold_to", args=["acme", USERS])


def test_a_threshold_comes_from_the_control_with_who_and_why(acme, mei):
    assert mei.client.post(HELD, {"name": "days", "value": "60", "reason": "AC-07: sixty days."}).status_code == 302
    page = mei.client.get(reverse("checks:check", args=["acme", USERS])).content.decode()
    assert "AC-07: sixty days." in page
    with scope(acme):
        entry = Entry.objects.get(action="judging.threshold.set")
        assert (entry.before, entry.after["days"]) == ({"days": 90}, 60)


def test_it_is_what_the_check_is_judged_by_from_then_on(acme, mei):
    check = catalogue.get(USERS)
    with scope(acme):
        connection = make_connection(mei.actor, vendor="okta", name="Okta", fields={"org_url": "https://acme.okta.com", "token": "t"})
        user = {
            "id": "1", "status": "ACTIVE", "lastLogin": (now() - timedelta(days=75)).isoformat(), "created": "2020-01-01T00:00:00Z",
            "activated": "2020-01-01T00:00:00Z", "profile": {"login": "ana@acme.example"},
        }  # fmt: skip
        keep_look(connection, "okta.users", [user])
        before = judge_connection(connection)[USERS]
        set_threshold(actor=mei.actor, member=mei.membership, check=check, name="days", value=60, reason="The policy.")
        after = judge_connection(connection)[USERS]
        set_threshold(actor=mei.actor, member=mei.membership, check=check, name="days", value=None, reason="Back.")
        assert (before, after, judge_connection(connection)[USERS]) == ("pass", "fail", "pass")
        assert ThresholdSetting.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"value": "many"}, {"reason": ""}, {"name": "hours"}, {"value": "-1"}, {"value": "9" * 30}])
def test_what_cannot_be_set_is_said_beside_the_field(mei, wrong):
    answer = mei.client.post(HELD, {"name": "days", "value": "60", "reason": "It says so."} | wrong)
    assert answer.status_code == 422
    assert set(answer.context["threshold_form"].errors) == set(wrong)


@pytest.mark.parametrize(
    ("text", "default", "value"),
    [
        ("22, 3389", (22,), [22, 3389]), ("a, b", ("x",), ["a", "b"]), ("none", (), []), ("14", 12, 14),
        ("critical=7, high=20", {"critical": 1, "high": 2}, {"critical": 7, "high": 20}),
    ],
)  # fmt: skip
def test_thresholds_are_read_in_the_form_of_their_default(text, default, value):
    assert read(text, default) == value
    assert read(words(value), default) == value
    assert valid(value, default) == value


# --- the page of a check ---------------------------------------------------------------------------------------------


def test_the_page_shows_the_rows_that_were_read_and_the_strip_of_the_period(acme, github, jonas):
    with scope(acme):
        judge_connection(github)
    page = jonas.client.get(reverse("checks:check", args=["acme", CHECK])).content.decode()
    assert "Over the period" in page
    facts = jonas.client.get(reverse("checks:facts", args=["acme", CHECK])).content.decode()
    assert "default_repository_permission" in facts
    assert "/evidence/artefacts/" in facts
