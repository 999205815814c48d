"""Every request that the collectors make is one that Okta's own description allows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evidence.checks import okta as _registered  # noqa: F401
from evidence.checks.base import Facts, FactSet, Outcome, Reason, checks_of, run
from evidence.collectors.base import Context, collect_all
from evidence.collectors.okta.vendor import VENDOR
from tests.prism import witnessed
from tests.specs import needs_specs

pytestmark = [needs_specs, pytest.mark.specs, pytest.mark.slow]
NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)


def _context(address: str) -> Context:
    return Context(config={}, secret={"token": "t"}, now=NOW, endpoint=address, sleep=lambda _: None)


def test_no_request_of_any_collector_violates_the_description(okta_prism: str) -> None:
    with witnessed(okta_prism) as (witness, address):
        found = collect_all(VENDOR, _context(address))
        results = VENDOR.test(_context(address))
        context = _context(address)
        session = VENDOR.open(context)
        assert VENDOR.identity(session, context)
        session.close()
    assert witness.violations == []
    assert {(path, status) for _, path, status in witness.calls if status >= 400} == set()
    # Role assignments carry their next link in the body, where Prism's example names Okta's own host.
    refused = {kind: message for kind, (_, reason, message) in found.items() if reason is not None}
    assert refused == {"okta.admin_roles": "next page points to another host"}
    assert {result.permission for result in results if not result.allowed} == set()
    assert len({path.split("?")[0] for _, path, _ in witness.calls}) >= 22


def test_a_missing_token_is_refused_by_the_description_too(okta_prism: str) -> None:
    with witnessed(okta_prism) as (witness, address):
        context = Context(config={}, secret={"token": " "}, now=NOW, endpoint=address)
        assert {reason for _, reason, _ in collect_all(VENDOR, context).values()} == {Reason.DENIED}
        assert witness.calls == []


def test_oktas_own_examples_can_be_read_and_judged(okta_prism: str) -> None:
    with witnessed(okta_prism) as (_, address):
        found = collect_all(VENDOR, _context(address))
    sets = {
        kind.id: FactSet(kind.id, list(kind.rows(found[kind.id][0])), NOW, can_be_empty=kind.can_be_empty)
        for kind in VENDOR.kinds
    }
    assert sets["okta.users"].rows[0]["login"] == "alice.smith@example.com"
    sets |= {house: FactSet(house, [], can_be_empty=True) for house in ("org.workers", "org.scope")}
    findings = [f for check in checks_of("okta") for f in run(check, Facts(NOW, sets))]
    assert {f.reason for f in findings if f.outcome is Outcome.UNKNOWN} <= {Reason.MALFORMED, Reason.EMPTY}
    assert {f.outcome for f in findings} >= {Outcome.FAIL, Outcome.UNKNOWN}


def test_answers_of_random_shape_within_the_description_are_never_an_error_of_ours(okta_prism: str) -> None:
    with witnessed(okta_prism) as (witness, address):
        witness.prefer["."] = "dynamic=true"
        for _ in range(2):
            sets = {}
            for kind, (pages, reason, _) in collect_all(VENDOR, _context(address)).items():
                rows = list(VENDOR.kind(kind).rows(pages))
                sets[kind] = FactSet(kind, rows, NOW, reason, can_be_empty=VENDOR.kind(kind).can_be_empty)
            for check in checks_of("okta"):
                run(check, Facts(NOW, sets))
    assert witness.violations == []


def test_prisms_link_to_the_real_host_is_not_followed(okta_prism: str) -> None:
    with witnessed(okta_prism) as (witness, address):
        witness.keep_link = True
        found = collect_all(VENDOR, _context(address))
    refused = {message for _, reason, message in found.values() if reason is Reason.MALFORMED}
    assert refused <= {"next page points to another host"}
