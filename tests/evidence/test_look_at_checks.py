"""Checks: the list with its sums, and one check with the resources that it speaks of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.checks import catalogue
from evidence.collectors.services.connect import change_connection
from evidence.collectors.services.retire import retire_connection
from tests.factories.evidence import CHECK, judged, make_connection, make_requirement, resource

pytestmark = pytest.mark.django_db
LIST = reverse("checks:list", args=["acme"])
PAGE = reverse("checks:check", args=["acme", CHECK])


def ids(answer):
    return [row.check.id for row in answer.context["rows"]]


def resources(answer):
    return [row.resource for row in answer.context["page"]]


@pytest.fixture()
def github(acme, mei):
    with scope(acme):
        return make_connection(mei.actor)


def test_every_check_is_listed_and_the_sums_cast(acme, mei, github):
    with scope(acme):
        judged(github, "fail")
        judged(github, "pass", "github.org.default_permission")
    answer = mei.client.get(LIST)
    everything = len(catalogue.all_checks())
    counts = dict(answer.context["counts"])
    assert ids(answer)[0] == CHECK
    assert len(ids(answer)) == answer.context["total"] == sum(counts.values()) == everything
    assert (counts["fail"], counts["pass"], counts["not_judged"]) == (1, 1, everything - 2)


def test_over_several_connections_the_worst_counts_and_unknown_is_no_pass(acme, mei, github):
    with scope(acme):
        other = make_connection(mei.actor, name="GitHub EMU")
        judged(github, "pass")
        judged(other, "unknown", reason="denied")
    row = mei.client.get(LIST + "?q=2fa_required").context["rows"][0]
    assert (row.outcome, row.said) == ("unknown", "1 unknown, 1 pass")


def test_a_paused_connection_says_what_it_found_and_a_retired_one_nothing(acme, mei, github):
    with scope(acme):
        judged(github, "fail")
        change_connection(actor=mei.actor, connection=github, active=False)
    assert ids(mei.client.get(LIST + "?outcome=fail")) == [CHECK]
    with scope(acme):
        retire_connection(actor=mei.actor, connection=github, reason="Replaced.")
    assert mei.client.get(LIST + "?outcome=fail").context["rows"] == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("outcome=fail", [CHECK]), ("outcome=fail&vendor=okta", []), ("outcome=fail&severity=critical", [CHECK]),
        ("outcome=fail&criterion=CC6.1", [CHECK]), ("outcome=fail&criterion=CC1.1", []), ("q=Two-factor&outcome=fail", [CHECK]),
        ("outcome=fail&connection=github", [CHECK]),
    ],
)  # fmt: skip
def test_filters_stand_in_the_address(acme, mei, github, asked, expected):
    with scope(acme):
        judged(github, "fail")
    assert ids(mei.client.get(f"{LIST}?{asked}")) == expected


def test_the_number_of_queries_does_not_grow_with_connections(acme, mei, github):
    client = mei.client

    def queries():
        with CaptureQueriesContext(database) as captured:
            client.get(LIST)
        return len(captured)

    queries()  # whatever is counted once and kept
    few = queries()
    with scope(acme):
        for number in range(8):
            connection = make_connection(mei.actor, name=f"GitHub {number}")
            judged(connection)
            judged(connection, "pass", "github.org.default_permission")
    assert queries() == few


def test_a_check_says_what_is_asked_why_and_how_to_put_it_right(acme, jonas, mei, github):
    with scope(acme):
        judged(github, "fail", message="two-factor authentication is not required")
        make_requirement(mei.actor, source="collector", checks=[CHECK])
    content = jonas.client.get(PAGE).content.decode()
    check = catalogue.get(CHECK)
    for words in (check.title, check.why, check.remedy, "two-factor authentication is not required", "github.org", "AC-07"):
        assert words in content


def test_resources_that_fail_or_are_unknown_come_without_asking_the_others_when_asked(acme, mei, github):
    with scope(acme):
        judged(github)
        resource(github, "org:a", "fail")
        resource(github, "org:b", "unknown", reason="denied")
        resource(github, "org:c", "pass")
    assert resources(mei.client.get(PAGE)) == ["org:a", "org:b"]
    assert resources(mei.client.get(PAGE + "?outcome=pass")) == ["org:c"]
    assert dict(mei.client.get(PAGE).context["counts"])["pass"] == 1


def test_what_it_said_before_stays_to_be_read(acme, mei, github):
    moment = now()
    with scope(acme):
        judged(github, "pass")
        resource(github, "org:a", "fail", started_at=moment - timedelta(days=9), ended_at=moment - timedelta(days=2))
        resource(github, "org:a", "pass", started_at=moment - timedelta(days=2))
    answer = mei.client.get(PAGE + "?past=1")
    assert [(row.resource, row.outcome) for row in answer.context["page"]] == [("org:a", "fail")]
    assert resources(mei.client.get(PAGE)) == []


def test_many_resources_are_paged(acme, mei, github):
    with scope(acme):
        judged(github)
        for number in range(60):
            resource(github, f"repo:acme/{number:03d}")
    first = mei.client.get(PAGE)
    assert len(resources(first)) == 50
    following = mei.client.get(f"{PAGE}?cursor={first.context['page'].next_cursor}")
    assert resources(following)[0] == "repo:acme/050"


def test_a_check_that_nothing_has_judged_says_so(acme, mei):
    content = mei.client.get(PAGE).content
    assert b"It was not judged yet" in content
    assert b"Nothing fails" not in content


def test_a_check_that_nobody_knows_is_not_found(acme, mei):
    assert mei.client.get(reverse("checks:check", args=["acme", "github.no.such"])).status_code == 404


def test_an_employee_is_refused_and_another_organisation_finds_nothing(acme, borealis, noor, stranger, github):
    with scope(acme):
        judged(github)
        resource(github, "org:acme")
    assert noor.client.get(LIST).status_code == 403
    assert stranger.client.get(PAGE).status_code == 404
    theirs = stranger.client.get(reverse("checks:check", args=["borealis", CHECK]))
    assert theirs.context["states"] == []
    assert b"org:acme" not in theirs.content
