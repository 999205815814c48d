"""Whatever goes wrong is unknown with its reason; it never reads as a pass, and what was collected stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from evidence.checks.base import Facts, FactSet, Outcome, Reason, in_sum
from evidence.collectors.okta.vendor import VENDOR
from sample.okta import Trouble
from sample.people import PEOPLE
from tests.evidence.okta.conftest import world_on
from tests.evidence.okta.looking import IMPATIENT, Look, Observer, judged, those
from tests.loopback import serve_open

KINDS = [kind.id for kind in VENDOR.kinds]
#: Answers that are one object: they have no next page to be led astray by.
SINGLE = {"okta.org", "okta.threatinsight"}

MATRIX = {
    "401": (Trouble("401"), Reason.DENIED),
    "403": (Trouble("403"), Reason.DENIED),
    "404": (Trouble("404"), Reason.DENIED),
    "no feature": (Trouble("no-feature"), Reason.NOT_LICENSED),
    "429 without Retry-After": (Trouble("429"), Reason.RATE_LIMITED),
    "429 with Retry-After": (Trouble("429", retry_after=7), Reason.RATE_LIMITED),
    "500": (Trouble("500"), Reason.UNREACHABLE),
    "time-out": (Trouble("timeout", seconds=0.5), Reason.UNREACHABLE),
    "truncated JSON": (Trouble("truncated"), Reason.MALFORMED),
    "next link to another host": (Trouble("foreign-link"), Reason.MALFORMED),
}


@pytest.fixture(scope="module")
def looker() -> Iterator[tuple[Observer, Facts]]:
    """A small organisation, and the facts of it while nothing was wrong."""
    world = world_on(100)
    with serve_open(world.wsgi) as url:
        observer = Observer(world, url)
        good = observer.facts()
        assert those(judged(good), Outcome.FAIL) == set()
        yield observer, good
        world.trouble = None


def with_trouble(observer: Observer, kind: str, trouble: Trouble) -> Look:
    observer.world.trouble = replace(trouble, met=[])
    try:
        vendor = IMPATIENT if trouble.kind == "timeout" else VENDOR
        return Observer(observer.world, observer.url).look([kind], vendor=vendor)
    finally:
        observer.world.trouble = None


def put(good: Facts, kind: str, look: Look) -> Facts:
    """The good facts with one kind as the trouble left it."""
    _, reason, message = look.pages[kind]
    troubled = FactSet(kind, look.rows(kind), good.now, reason, message, VENDOR.kind(kind).can_be_empty)
    return Facts(good.now, {**good.sets, kind: troubled})


@pytest.mark.parametrize("what", MATRIX)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_cannot_be_read_is_unknown_for_its_reason(looker, kind: str, what: str) -> None:
    observer, good = looker
    trouble, expected = MATRIX[what]
    look = with_trouble(observer, kind, trouble)
    _, reason, message = look.pages[kind]
    if what == "next link to another host" and kind in SINGLE:
        assert reason is None
        return
    assert reason is expected
    assert message
    findings = judged(put(good, kind, look), reading=kind)
    assert those(findings, Outcome.PASS) == set()
    assert {f.reason for found in findings.values() for f in found if f.outcome is Outcome.UNKNOWN} <= {expected}
    assert look.context.next_cursor is None or kind == "okta.system_log"


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_of_nulls_reads_as_unknown_and_never_as_pass(looker, kind: str) -> None:
    observer, good = looker
    findings = judged(put(good, kind, with_trouble(observer, kind, Trouble("nulls"))), reading=kind)
    assert those(findings, Outcome.PASS) == set()
    assert {in_sum(found) for found in findings.values()} <= {Outcome.UNKNOWN}


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_list_is_unknown_unless_there_may_be_nothing(looker, kind: str) -> None:
    _, good = looker
    can = VENDOR.kind(kind).can_be_empty
    facts = Facts(good.now, {**good.sets, kind: FactSet(kind, [], good.now, can_be_empty=can)})
    found = [finding for findings in judged(facts, reading=kind).values() for finding in findings]
    if not can and found:
        assert {finding.reason for finding in found} == {Reason.EMPTY}


def test_the_wait_that_okta_asks_for_is_kept_to(looker) -> None:
    observer, _ = looker
    assert 7 in with_trouble(observer, "okta.zones", Trouble("429", retry_after=7)).waits


def test_a_limit_that_passes_is_no_trouble(looker) -> None:
    observer, _ = looker
    look = with_trouble(observer, "okta.zones", Trouble("429", times=1, retry_after=3))
    assert look.pages["okta.zones"][1] is None
    assert look.waits == [3]


def test_one_user_whose_factors_are_refused_is_unknown_alone(looker) -> None:
    observer, good = looker
    target = observer.world.account("hamza.benali@halyard.example")
    look = with_trouble(observer, "okta.factors", Trouble("403", on=f"/users/{target.id}/factors"))
    assert look.pages["okta.factors"][1] is None
    findings = judged(put(good, "okta.factors", look))["okta.mfa.all_users"]
    unknown = [finding for finding in findings if finding.outcome is Outcome.UNKNOWN]
    assert [(finding.resource, finding.reason) for finding in unknown] == [(f"user:{target.login}", Reason.DENIED)]
    assert {f.outcome for f in findings} - {Outcome.UNKNOWN} == {Outcome.PASS, Outcome.NOT_APPLICABLE}


def test_rules_that_are_refused_leave_their_policies_unknown(looker) -> None:
    observer, good = looker
    policy = next(p for p in observer.world.policies.values() if p["name"] == "Support tools")
    look = with_trouble(observer, "okta.policies.access", Trouble("404", on=f"/policies/{policy['id']}/rules"))
    findings = judged(put(good, "okta.policies.access", look))["okta.access_policy.no_1fa_catchall"]
    assert [f.resource for f in findings if f.outcome is Outcome.UNKNOWN] == ["policy:Support tools"]


def test_a_token_revoked_in_the_middle_stops_the_kind_instead_of_marking_every_user(looker) -> None:
    observer, _ = looker
    target = observer.world.account("hamza.benali@halyard.example")
    look = with_trouble(observer, "okta.factors", Trouble("401", on=f"/users/{target.id}/factors"))
    assert look.pages["okta.factors"][1] is Reason.DENIED


def test_pages_read_before_a_failure_stay(observe) -> None:
    world = world_on(100, PEOPLE)
    page = world.wsgi._page
    world.wsgi._page = lambda body, query, url, default, most: page(body, query, url, default, min(most, 50))
    seen: list[str] = []
    world.wsgi.requests = seen

    class SecondPage(Trouble):
        def strikes(self, path: str) -> bool:
            return path == "/api/v1/users" and seen.count("GET /api/v1/users") > 1

    world.trouble = SecondPage("500")
    pages, reason, _ = observe(world).look(["okta.users"]).pages["okta.users"]
    assert reason is Reason.UNREACHABLE
    assert [len(page.body) for page in pages] == [50]


def test_a_failed_look_at_the_log_keeps_the_cursor_and_the_events(observe) -> None:
    observer = observe(world_on(100))
    observer.look(["okta.system_log"])
    cursor, events = observer.cursor, list(observer.log_pages)
    observer.world.trouble = Trouble("500", on="/logs")
    observer.look(["okta.system_log"])
    assert (observer.cursor, observer.log_pages) == (cursor, events)


def test_an_account_still_open_is_a_failure_even_where_the_log_is_denied(observe) -> None:
    world = world_on(105, PEOPLE)
    world.account("piotr.zielinski@halyard.example").closed = None
    observer = observe(world)
    good = observer.facts()
    look = with_trouble(observer, "okta.system_log", Trouble("403"))
    findings = judged(put(good, "okta.system_log", look))["okta.users.terminated_deactivated"]
    by_outcome = {f.resource: f.outcome for f in findings}
    assert by_outcome.pop("user:piotr.zielinski@halyard.example") is Outcome.FAIL
    assert set(by_outcome.values()) == {Outcome.UNKNOWN}


def test_a_host_that_does_not_answer_is_unreachable() -> None:
    world = world_on(100)
    look = Observer(world, "http://127.0.0.1:9").look()
    assert {reason for _, reason, _ in look.pages.values()} == {Reason.UNREACHABLE}
