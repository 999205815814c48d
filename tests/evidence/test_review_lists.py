"""A population lists and never passes by existing: an item passes only while a completed review has kept it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.checks.base import Finding, Outcome, Reason, in_sum
from evidence.judging import lists
from evidence.judging.lists import Reviewed, by_review
from evidence.judging.models import CheckState, ResourceInterval
from evidence.judging.services.judge import judge_connection
from tests.evidence.judged_facts import keep_look
from tests.factories.evidence import make_connection

CHECK = "okta.admins.groups_roles"
GROUPS = [{"group": {"id": "g1", "profile": {"name": "Admins"}}, "roles": [{"type": "USER_ADMIN", "label": "Users", "status": "ACTIVE"}]}]


def kept(until: timedelta = timedelta(days=90)) -> Reviewed:
    return Reviewed("Mei Tanaka", now() - timedelta(days=1), now() + until, "Needed for the help desk.")


def test_without_a_review_a_list_is_what_the_check_says_and_never_passes():
    found = by_review([Finding("a", Outcome.PASS), Finding("b", Outcome.NOT_APPLICABLE), Finding("c", Outcome.FAIL)], {})
    assert [f.outcome for f in found] == ["not_applicable", "not_applicable", "fail"]
    assert in_sum(found[:2], population=True) is Outcome.NOT_APPLICABLE


def test_what_was_kept_passes_with_who_kept_it_and_until_when():
    (found,) = by_review([Finding("a", Outcome.NOT_APPLICABLE, "Administrator.")], {"a": kept()})
    assert found.outcome is Outcome.PASS
    assert "Kept by Mei Tanaka" in found.message


def test_what_could_not_be_looked_at_is_kept_by_no_review():
    (found,) = by_review([Finding("a", Outcome.UNKNOWN, reason=Reason.DENIED)], {"a": kept()})
    assert found.outcome is Outcome.UNKNOWN


def test_one_item_that_awaits_its_review_keeps_the_list_from_passing():
    found = by_review([Finding("a", Outcome.NOT_APPLICABLE), Finding("b", Outcome.NOT_APPLICABLE)], {"a": kept()})
    assert in_sum(found, population=True) is Outcome.NOT_APPLICABLE
    assert in_sum(found[:1], population=True) is Outcome.PASS


@pytest.fixture()
def reviews() -> Iterator[dict[str, Reviewed]]:
    """What the floor above tells."""
    told: dict[str, Reviewed] = {}

    def reader(connection: object, check_id: str, resources: object, at: datetime) -> dict[str, Reviewed]:
        return told if check_id == CHECK else {}

    lists.register(reader)
    yield told
    lists.unregister(reader)


@pytest.mark.django_db
def test_the_check_passes_while_the_review_counts_and_no_longer(acme, mei, reviews):
    with scope(acme):
        connection = make_connection(mei.actor, vendor="okta", name="Okta", fields={"org_url": "https://acme.okta.com", "token": "t"})
        keep_look(connection, "okta.group_roles", GROUPS)
        assert judge_connection(connection)[CHECK] in {"not_applicable", "unknown"}
        name = ResourceInterval.objects.filter(check_id=CHECK).first().resource
        reviews[name] = kept()
        after = judge_connection(connection)[CHECK]
        assert after == ("pass" if CheckState.objects.get(check_id=CHECK).counts.get("pass") else after)
        reviews[name] = kept(timedelta(hours=-1))
        assert judge_connection(connection)[CHECK] != "pass"
