"""Every request that the collectors make is one that GitHub's own description allows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import evidence.checks.github  # noqa: F401 - registers its checks
from evidence.checks.base import Facts, FactSet, Outcome, Reason, checks_of, run
from evidence.collectors.base import Context, collect_all
from evidence.collectors.github.vendor import VENDOR
from tests.prism import witnessed
from tests.specs import needs_specs

pytestmark = [needs_specs, pytest.mark.specs, pytest.mark.slow]
NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)


def _context(address: str) -> Context:
    return Context(
        config={"organization": "octo-org"}, secret={"token": "t"}, now=NOW, endpoint=address, sleep=lambda _: None
    )


def test_no_request_of_any_collector_violates_the_description(github_prism: str) -> None:
    with witnessed(github_prism) as (witness, address):
        found = collect_all(VENDOR, _context(address))
        VENDOR.test(_context(address))
    assert witness.violations == []
    assert {(path, status) for _, path, status in witness.calls if status >= 400} == set()
    assert {kind: reason for kind, (_, reason, _) in found.items() if reason is not None} == {}
    assert len({path.split("?")[0] for _, path, _ in witness.calls}) >= 27


def test_githubs_own_examples_can_be_read_and_judged(github_prism: str) -> None:
    with witnessed(github_prism) as (_, address):
        found = collect_all(VENDOR, _context(address))
    sets = {
        kind.id: FactSet(kind.id, list(kind.rows(found[kind.id][0])), NOW, can_be_empty=kind.can_be_empty)
        for kind in VENDOR.kinds
    }
    assert [row["login"] for row in sets["github.members"].rows] == ["octocat"]
    sets |= {house: FactSet(house, [], can_be_empty=True) for house in ("org.workers", "org.scope")}
    findings = [f for check in checks_of("github") for f in run(check, Facts(NOW, sets))]
    assert {f.reason for f in findings if f.outcome is Outcome.UNKNOWN} <= {Reason.DENIED, Reason.MALFORMED}
    assert any(f.outcome is Outcome.FAIL for f in findings)


def test_answers_of_random_shape_within_the_description_are_never_an_error_of_ours(github_prism: str) -> None:
    with witnessed(github_prism) as (witness, address):
        witness.prefer["."] = "dynamic=true"
        for _ in range(3):
            for kind, (pages, _reason, _) in collect_all(VENDOR, _context(address)).items():
                list(VENDOR.kind(kind).rows(pages))
    assert witness.violations == []


def test_a_next_page_on_another_host_is_not_followed(github_prism: str) -> None:
    with witnessed(github_prism) as (witness, address):
        witness.keep_link = True  # Prism's own Link points at api.github.com
        found = collect_all(VENDOR, _context(address), ["github.members"])
    assert found["github.members"][1] is Reason.MALFORMED
    assert "another host" in found["github.members"][2]


def test_a_404_by_the_description_is_denied(github_prism: str) -> None:
    with witnessed(github_prism) as (witness, address):
        witness.prefer["/orgs/octo-org$"] = "code=404"
        found = collect_all(VENDOR, _context(address), ["github.org"])
    assert witness.calls == [("GET", "/orgs/octo-org", 404)]
    assert found["github.org"][1] is Reason.DENIED
