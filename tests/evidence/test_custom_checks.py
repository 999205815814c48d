"""Checks of one's own: examples that must pass, a live result on real facts, and expressions that never end."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.checks import catalogue
from evidence.checks.base import Facts, FactSet, Outcome, Reason, in_sum, run
from evidence.checks.cel import asking
from evidence.checks.cel.asking import FaultyError, evaluate
from evidence.checks.cel.checking import findings, made_of
from evidence.judging.models import CheckState, CustomCheck, CustomCheckVersion, ResourceInterval
from evidence.judging.services.judge import judge_connection
from evidence.judging.services.own import change_check, disable_check, enable_check, write_check
from evidence.judging.trial import try_out
from tests.evidence.judged_facts import keep_look
from tests.factories.evidence import make_connection

NOW = now()
KIND = "github.org"
FIELDS = {
    "slug": "base-permission", "title": "Members read at most", "fact_kind": KIND,
    "passes": 'row.default_repository_permission in ["none", "read"]',
    "applies": 'row.login != "sandbox"', "resource": '"org:" + row.login', "severity": "medium", "criteria": ["CC6.3"],
    "why": "More than reading is more than needed.", "remedy": "Lower it.",
    "examples": [
        {"row": {"login": "a", "default_repository_permission": "read"}, "outcome": "pass"},
        {"row": {"login": "a", "default_repository_permission": "admin"}, "outcome": "fail"},
        {"row": {"login": "sandbox", "default_repository_permission": "admin"}, "outcome": "not_applicable"},
        {"row": {"login": "a"}, "outcome": "unknown"},
    ],
}  # fmt: skip


def say(passes, *rows, **more):
    return findings({"passes": passes, "resource": "row.id", **more}, list(rows), NOW, seconds=6)


# --- what an expression says of a row --------------------------------------------------------------------------------


def test_true_passes_false_fails_and_what_it_does_not_apply_to_is_left_out():
    found = say("row.on", {"id": "a", "on": True}, {"id": "b", "on": False}, {"id": "c", "on": True, "old": 1}, applies="!has(row.old)")
    assert [(f.resource, f.outcome) for f in found] == [("a", "pass"), ("b", "fail"), ("c", "not_applicable")]


@pytest.mark.parametrize(
    "passes", ["row.mfa", 'row.mfa != "off"', "!row.mfa", "row.mfa == null", 'row.deep.mfa != "off"', "row.on", "size(row.id)"]
)
def test_a_field_that_is_not_there_or_no_answer_of_true_or_false_is_unknown(passes):
    (found,) = say(passes, {"id": "a", "on": 3})
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, Reason.MALFORMED)


@pytest.mark.parametrize(
    "passes", ["row.mfa != true", "!has(row.mfa) || row.mfa", "row.id == 'a' || row.mfa", "row.all(k, row[k] != mfa) || true"]
)
def test_a_field_that_could_not_be_read_is_never_taken_for_absent(passes):
    (found,) = say(passes, {"id": "a", "mfa": {"$unknown": "denied"}})
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, Reason.DENIED)


@pytest.mark.parametrize("passes", [
    "size(row) > 1", 'row["m" + "fa"] != {"a": 1}', 'row.exists(k, k == "m" + "fa")', 'size(row["deep"]) > 0', "row.deep.exists(k, true)",
])  # fmt: skip
def test_a_field_that_could_not_be_read_is_not_passed_over_by_naming_none(passes):
    (found,) = say(passes, {"id": "a", "mfa": {"$unknown": "denied"}, "deep": {"on": {"$unknown": "denied"}}})
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, Reason.DENIED)


@pytest.mark.parametrize("passes", ["row.deep.on", 'row["deep"].on', "row.list.exists(e, e.on)", 'row.id.startsWith("a")'])
def test_a_field_that_could_not_be_read_beside_what_is_asked_is_no_matter(passes):
    row = {"id": "a", "deep": {"on": True, "off": {"$unknown": "denied"}}, "list": [{"on": True, "off": {"$unknown": "denied"}}]}
    (found,) = say(passes, row)
    assert found.outcome == Outcome.PASS


def test_it_knows_the_time_of_the_facts():
    old, new = (NOW - timedelta(days=days) for days in (100, 1))
    rows = [{"id": "old", "at": old.isoformat()}, {"id": "new", "at": new.isoformat()}]
    assert [f.outcome for f in say('timestamp(row.at) > now - duration("2160h")', *rows)] == [Outcome.FAIL, Outcome.PASS]


@pytest.mark.parametrize(
    ("passes", "said"),
    [
        ("row.a ==", "Line 1, column"), ("row.a\n  ==)", "Line 2, column"), ("open('/etc/passwd')", "no function called open"),
        ("row.__class__.mro()", "no function called mro"), ("!" * 3000 + "true", "too long"), ("(" * 900 + "1" + ")" * 900, "too long"),
        ("+".join("1" * 300) + " == 1", "too long: 400 parts"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where(passes, said):
    with pytest.raises(FaultyError) as fault:
        evaluate({"passes": passes, "resource": "row.id"}, [{"id": "a"}], now=NOW, seconds=5)
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("worker", "said", "reason"),
    [
        ("import no_such_module", "cannot be evaluated on this installation", Reason.UNREACHABLE),
        ("import time; time.sleep(60)", "too busy to begin", Reason.UNREACHABLE),
        ("import json, time; print(json.dumps({'began': True}), flush=True); time.sleep(60)", "too long", Reason.TOO_EXPENSIVE),
    ],
)  # fmt: skip
def test_a_process_that_dies_or_is_late_is_not_taken_for_a_faulty_expression(tmp_path, monkeypatch, worker, said, reason):
    monkeypatch.setattr(asking, "_WORKER", tmp_path / "worker.py")
    (tmp_path / "worker.py").write_text(worker)
    (found,) = findings({"passes": "true", "resource": "row.id"}, [{"id": "a"}], NOW, seconds=3)
    assert (found.outcome, found.reason, said in found.message) == (Outcome.UNKNOWN, reason, True)
    assert "Line 1" not in found.message


# --- expressions that never end --------------------------------------------------------------------------------------

TEN = "row.ten"
NESTED = f"{TEN}.map(a,{TEN}.map(b,{TEN}.map(c,{TEN}.map(d,{TEN}.map(e,{TEN}.map(f,a*b))))))==[]"
GROWING = 'row.list.map(a,row.list.map(b,row.list.map(c,row.list.map(d,string(row.list)+string(row.list))))) == []'
HOSTILE = {
    "nested lists": NESTED,
    "lists of the row": "row.list.all(a, row.list.all(b, row.list.all(c, a + b + c >= 0)))",
    "growing strings": GROWING,
    "a regular expression": 'row.text.matches("(a+)+(a+)+(a+)+$") || ' + NESTED,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_in_time_as_unknown_too_expensive_and_never_passes(name):
    row = {"id": "a", "ten": list(range(20)), "list": list(range(2000)), "text": "a" * 50_000 + "b"}
    began = time.monotonic()
    found = findings({"passes": HOSTILE[name], "resource": "row.id"}, [row] * 40, NOW, seconds=3)
    assert time.monotonic() - began < 20  # three seconds and what a busy machine needs to start a process
    assert {f.outcome for f in found} == {Outcome.UNKNOWN}
    assert {f.reason for f in found} <= {Reason.TOO_EXPENSIVE, Reason.MALFORMED}
    assert "Too expensive" in found[-1].message


def test_what_was_reached_before_the_end_still_counts():
    rows = [{"id": "a", "list": [1]}] * 3 + [{"id": "b", "list": list(range(3000))}] * 30
    found = findings({"passes": HOSTILE["lists of the row"], "resource": "row.id"}, rows, NOW, seconds=4)
    assert [f.outcome for f in found[:3]] == [Outcome.PASS] * 3
    assert in_sum(found) is Outcome.UNKNOWN


def test_a_regular_expression_that_explodes_elsewhere_is_linear_here():
    (found,) = say('row.text.matches("(a+)+$")', {"id": "a", "text": "a" * 50_000 + "b"})
    assert found.outcome is Outcome.FAIL


def test_a_row_of_megabytes_is_not_tried():
    small, large = say("true", {"id": "a"}, {"id": "b", "text": "x" * 300_000})
    assert (small.outcome, large.reason) == (Outcome.PASS, Reason.TOO_EXPENSIVE)


def test_a_list_that_could_not_be_read_is_unknown_for_its_own_reason():
    check = made_of(
        id="custom.x", version=1, title="x", noun="x", severity="low", criteria=[], annex_a=[], fact_kind="github.org",
        expressions={"passes": "true", "resource": "row.id"}, why="", remedy="",
    )
    found = run(check, Facts(NOW, {"github.org": FactSet("github.org", reason=Reason.DENIED)}))
    assert [(f.outcome, f.reason) for f in found] == [(Outcome.UNKNOWN, Reason.DENIED)]
    assert check.vendor == "github"


# --- writing one -----------------------------------------------------------------------------------------------------


def written(person, **fields):
    return write_check(actor=person.actor, member=person.membership, **FIELDS | fields)


@pytest.fixture()
def github(acme, mei):
    with scope(acme):
        connection = make_connection(mei.actor)
        keep_look(connection, KIND, {"login": "acme", "default_repository_permission": "write"}, at=now() - timedelta(days=3))
        keep_look(connection, KIND, {"login": "acme", "default_repository_permission": "read"})
    return connection


def test_it_is_judged_with_the_others_and_bound_like_them(acme, mei, github):
    with scope(acme):
        own = written(mei)
        assert own.check_id in {check.id for check in catalogue.checks_of("github")}
        assert judge_connection(github)["custom.base-permission"] == "pass"
        assert ResourceInterval.objects.get(check_id=own.check_id).resource == "org:acme"
        assert catalogue.fact_kinds([own.check_id]) == [KIND]
        assert Entry.objects.filter(action="judging.own_check.written").count() == 1
    assert "custom.base-permission" in mei.client.get(reverse("checks:list", args=["acme"])).content.decode()
    assert catalogue.get("custom.base-permission") is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"examples": FIELDS["examples"][:1]}, "examples"),
        ({"examples": [{"row": {"login": "a"}, "outcome": "pass"}, *FIELDS["examples"]]}, "examples"),
        ({"passes": "row.x =="}, "passes"), ({"resource": "nothing("}, "resource"),
        ({"fact_kind": "org.workers"}, "fact_kind"),
        ({"slug": "Bad Slug"}, "slug"), ({"criteria": ["<b>"]}, "criteria"), ({"why": " "}, "why"),
        ({"examples": "x"}, "examples"),
        ({"severity": "grave"}, "severity"),
    ],
)  # fmt: skip
def test_what_cannot_be_saved(acme, mei, wrong, field):
    with scope(acme):
        with pytest.raises(ValidationError) as refused:
            written(mei, **wrong)
        assert field in refused.value.message_dict
        assert not CustomCheck.objects.exists()


def test_a_change_is_a_version_and_versions_only_grow(acme, mei, github):
    with scope(acme):
        own = written(mei)
        change_check(actor=mei.actor, member=mei.membership, own=own, passes='row.default_repository_permission == "none"', examples=[
            {"row": {"login": "a", "default_repository_permission": "none"}, "outcome": "pass"},
            {"row": {"login": "a", "default_repository_permission": "read"}, "outcome": "fail"},
        ])  # fmt: skip
        assert [each.number for each in own.versions.order_by("number")] == [1, 2]
        assert judge_connection(github)[own.check_id] == "fail"
        assert CheckState.objects.get(check_id=own.check_id).check_version == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            CustomCheckVersion.objects.update(title="Another")


def test_nothing_is_written_where_nothing_differs(acme, mei):
    with scope(acme):
        own = written(mei)
        change_check(actor=mei.actor, member=mei.membership, own=own, title=FIELDS["title"])
        assert own.versions.count() == 1


def test_disabled_it_is_judged_no_more_and_what_it_found_stays(acme, mei, github):
    with scope(acme):
        own = written(mei)
        judge_connection(github)
        disable_check(actor=mei.actor, own=own)
        assert own.check_id not in judge_connection(github)
        assert not CheckState.objects.filter(check_id=own.check_id).exists()
        assert ResourceInterval.objects.get(check_id=own.check_id).ended_at is not None
        enable_check(actor=mei.actor, own=own)
        assert own.check_id in judge_connection(github)


def test_another_organisation_has_checks_of_its_own_alone(acme, borealis, mei):
    with scope(acme):
        written(mei)
    with scope(borealis):
        assert catalogue.own_checks() == {}


# --- the editor ------------------------------------------------------------------------------------------------------

WRITE = reverse("checks:write_own", args=["acme"])
TRY = reverse("checks:try_own", args=["acme"])


def form(**fields):
    given = FIELDS | {"criteria": "CC6.3", "noun": "org", "examples": json.dumps(FIELDS["examples"])}
    return given | fields


def test_it_is_written_on_a_page(acme, mei, github):
    answer = mei.client.post(WRITE, form())
    assert answer.status_code == 302
    assert answer["Location"].endswith("/checks/custom.base-permission/")
    assert "More than reading is more than needed." in mei.client.get(answer["Location"]).content.decode()


def test_the_live_result_is_of_the_chosen_connection_and_writes_nothing(acme, mei, github):
    page = mei.client.post(TRY, form(connection=str(github.pk))).content.decode()
    assert "org:acme" in page
    assert "Pass" in page
    with scope(acme):
        assert not CustomCheck.objects.exists()
        assert not CheckState.objects.exists()


def test_a_past_day_is_previewed(acme, mei, github):
    day = today() - timedelta(days=2)
    assert "Fail" in mei.client.post(TRY, form(connection=str(github.pk), day=day.isoformat())).content.decode()
    with scope(acme):
        assert try_out({"passes": "true", "resource": "row.login"}, KIND, github, today() - timedelta(days=40)).said


def test_the_button_does_the_same_without_javascript_and_nothing_is_lost(acme, mei, github):
    answer = mei.client.post(WRITE, form(connection=str(github.pk), **{"try": "1"}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "org:acme" in page
    assert "More than reading is more than needed." in page


def test_a_fault_stands_beside_its_field_with_its_place(acme, mei, github):
    for extra in ({}, {"try": "1", "connection": str(github.pk)}):
        answer = mei.client.post(WRITE, form(passes="row.login ==\n )", **extra))
        assert answer.status_code == 422
        assert "Line 2, column" in answer.context["form"].errors["passes"][0]
        assert "More than reading" in answer.content.decode()


def test_what_is_missing_and_what_cannot_be_read_are_told_at_once(acme, mei):
    page = mei.client.post(reverse("checks:write_own", args=["acme"]), {"passes": "row.mfa |||", "title": ""})
    errors = page.context["form"].errors
    assert errors["title"] == ["Write the sentence."]
    assert errors["passes"][0].startswith("Line 1, column")


def test_examples_that_are_no_json_say_where(mei):
    answer = mei.client.post(WRITE, form(examples='[{"row": }]'))
    assert "line 1, column 10" in answer.context["form"].errors["examples"][0]


def test_it_is_changed_and_switched_off_on_pages(acme, mei, github):
    mei.client.post(WRITE, form())
    with scope(acme):
        own = CustomCheck.objects.get()
    change = reverse("checks:change_own", args=["acme", own.pk])
    assert "row.login" in mei.client.get(change).content.decode()
    assert mei.client.post(change, form(title="Another title")).status_code == 302
    assert mei.client.post(reverse("checks:switch_own", args=["acme", own.pk]), {"to": "off"}).status_code == 302
    page = mei.client.get(reverse("checks:own", args=["acme"])).content.decode()
    assert "Another title" in page
    assert "Disabled" in page


def test_who_may_not_change_checks(acme, jonas, noor, stranger):
    assert jonas.client.get(WRITE).status_code == 403
    assert jonas.client.get(reverse("checks:own", args=["acme"])).status_code == 200
    assert noor.client.get(reverse("checks:own", args=["acme"])).status_code == 403
    assert stranger.client.get(WRITE).status_code == 404


@pytest.mark.parametrize("row", ['{"a": NaN}', '{"a": "\\u0000"}', '{"a": "\\ud800"}', '{"a": ' + "[" * 300 + "]" * 300 + "}"])
def test_examples_that_no_column_takes_are_refused_beside_their_field(acme, mei, github, row):
    examples = f'[{{"row": {row}, "outcome": "pass"}}, {{"row": {{}}, "outcome": "fail"}}]'
    answer = mei.client.post(WRITE, form(examples=examples))
    assert answer.status_code == 422
    assert "Write plain JSON" in answer.content.decode()
