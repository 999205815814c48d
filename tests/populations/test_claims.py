"""What every row of a list has to show: each claim as it holds, as it is denied, and where nobody can tell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.populations.catalogue import template
from evidence.populations.claims import RULES, named_in, rules_of
from evidence.populations.deviating import NAMED, Asked, Deviation, Row, Unsaid, deviations
from evidence.populations.items import Item, is_unknown, unsaid

LAST = date(2026, 6, 30)
#: By claim: cells of which it holds, and cells that deny it.
SHOWN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "change.approved": ({"author": "ada", "approved_by": "mei", "approved_after_last_push": True},
                        {"author": "ada", "approved_by": "mei", "approved_after_last_push": False}),
    "change.tested": ({"checks": "passed"}, {"checks": "failed: unit"}),
    "change.ticket": ({"ticket": "PAY-1"}, {"ticket": None}),
    "change.ticket_before": ({"ticket_raised_at": "2026-05-01T09:00:00Z", "deployed_at": "2026-05-02T09:00:00Z"},
                             {"ticket_raised_at": "2026-05-03T09:00:00Z", "deployed_at": "2026-05-02T09:00:00Z"}),
    "emergency.reviewed": ({"author": "ada", "reviewed_by": "mei"}, {"author": "ada", "reviewed_by": "Ada"}),
    "grant.ticket": ({"ticket": "IT-1"}, {"ticket": None}),
    "grant.asked_before": ({"requested_at": "2026-05-01T09:00:00Z", "granted_at": "2026-05-01T09:00:00Z"},
                           {"requested_at": "2026-05-01T09:00:01Z", "granted_at": "2026-05-01T09:00:00Z"}),
    "grant.approved": ({"account": "ada", "approved_by": "mei"}, {"account": "ada", "approved_by": "ADA"}),
    "leaver.in_time": ({"ended_at": "2026-05-02T09:00:00Z", "hours": 24.0}, {"ended_at": "2026-05-04T22:00:00Z", "hours": 70.0}),
    "joiner.screened": ({"screened_on": "2026-05-04", "started_on": "2026-05-04"},
                        {"screened_on": "2026-05-05", "started_on": "2026-05-04"}),
    "joiner.agreement": ({"agreement_on": "2026-05-01", "started_on": "2026-05-04"}, {"agreement_on": None, "started_on": "2026-05-04"}),
    "training.complete": ({"due_on": "2026-05-31", "completed_on": "2026-05-31"}, {"due_on": "2026-05-31", "completed_on": "2026-06-01"}),
    "transfer.access": ({"access_reviewed_on": "2026-05-04"}, {"access_reviewed_on": None}),
    "review.independent": ({"reviewer": "mei", "account": "ada"}, {"reviewer": "ada", "account": "Ada"}),
    "incident.closed": ({"ended_on": "2026-05-04", "disposition": "Closed."}, {"ended_on": "2026-05-04", "disposition": None}),
    "backup.followed_up": ({"result": "failed", "followed_up": "Run again."}, {"result": "Failed", "followed_up": None}),
    "job.resolved": ({"result": "completed"}, {"result": "failed", "resolved_at": None}),
    "device.encrypted": ({"encrypted": True, "holder": "Ada"}, {"encrypted": False, "holder": "Ada"}),
    "device.protected": ({"protected": True, "holder": "Ada"}, {"protected": False, "holder": "Ada"}),
    "disposal.proof": ({"certificate": "C-1"}, {"certificate": None}),
    "disclosure.told": ({"authorised": True}, {"authorised": False, "told_on": None}),
    "request.identified": ({"identified": True}, {"identified": False}),
    "vulnerability.in_time": ({"in_time": True}, {"in_time": False}),
    "deficiency.in_time": ({"due_on": "2026-07-01", "closed_on": None}, {"due_on": "2026-05-01", "closed_on": None}),
}  # fmt: skip


class Watched(dict[str, Any]):
    """Cells that remember what was asked of them; what is not there could not be read."""

    def __init__(self, cells: dict[str, Any]) -> None:
        super().__init__(cells)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return self[name] if name in self else unsaid()


def judged(key: str, cells: dict[str, Any], *, collected: bool = False, told: frozenset[str] = frozenset(), **settings: Any) -> str:
    return RULES[key].judge(Row(cells, Asked(collected, LAST, told, settings)))


@pytest.mark.parametrize("key", sorted(RULES))
def test_each_claim_holds_is_denied_and_reads_attributes_of_its_template(key: str) -> None:
    holds, denies = map(Watched, SHOWN[key])
    assert judged(key, holds) == ""
    assert judged(key, denies).endswith(".")
    kind = template(RULES[key].template)
    assert kind is not None
    assert holds.asked | denies.asked <= {each.name for each in kind.attributes}


@pytest.mark.parametrize("key", sorted(RULES))
def test_a_row_that_says_nothing_denies_nothing(key: str) -> None:
    for collected in (True, False):
        try:
            assert judged(key, Watched({}), collected=collected) == ""
        except Unsaid:
            continue


def test_an_empty_cell_denies_where_the_list_tells_it_of_others_and_a_person_brought_it() -> None:
    cells = {"ticket": unsaid()}
    assert judged("grant.ticket", cells, told=frozenset({"ticket"})) == "No request is shown."
    for collected, told in ((False, frozenset()), (True, frozenset({"ticket"}))):
        with pytest.raises(Unsaid):
            judged("grant.ticket", cells, collected=collected, told=told)


def test_a_title_without_a_ticket_says_nothing_where_a_collector_read_it() -> None:
    with pytest.raises(Unsaid):
        judged("change.ticket", {"ticket": None}, collected=True)


def test_an_account_that_is_still_open_is_left_to_the_people_list_and_a_brought_one_is_not() -> None:
    cells = {"ended_at": None, "ended_by": None, "hours": unsaid(), "in_time": False}
    assert judged("leaver.in_time", cells, collected=True) == ""
    assert judged("leaver.in_time", cells) == "No end of the access is shown."


def test_hours_are_those_that_the_population_allows() -> None:
    cells = {"ended_at": "2026-05-04T22:00:00Z", "hours": 70}
    assert judged("leaver.in_time", cells, hours=72) == ""
    assert judged("leaver.in_time", cells) == "Access ended 70 hours after the last day; 24 are allowed."


def test_what_is_due_after_the_period_is_not_late_yet() -> None:
    assert judged("training.complete", {"due_on": "2026-07-01", "completed_on": None}) == ""
    assert "no completion" in judged("training.complete", {"due_on": "2026-06-30", "completed_on": None})


def test_only_the_first_are_named_and_all_are_counted() -> None:
    items = [Item("x", f"g{number}", {"ticket": None}) for number in range(NAMED + 200)]
    found = deviations(items, [RULES["grant.ticket"]], collected=False, last=LAST, settings={})[0]
    assert (found.count, len(found.named), found.named[0][1]) == (NAMED + 200, NAMED, "g0")


CELL = st.sampled_from([None, "", "IT-1", unsaid()])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CELL, max_size=30), st.booleans())
def test_every_row_holds_denies_or_says_nothing_and_what_could_not_be_read_never_holds(cells: list[Any], collected: bool) -> None:
    items = [Item("x", str(number), {"ticket": cell}) for number, cell in enumerate(cells)]
    found: Deviation = deviations(items, [RULES["grant.ticket"]], collected=collected, last=LAST, settings={})[0]
    shown = sum(1 for cell in cells if cell == "IT-1")
    assert found.count + found.unsaid + shown == len(cells)
    unread = sum(1 for cell in cells if is_unknown(cell))
    assert found.unsaid == (0 if shown and not collected else unread)


def test_what_is_kept_of_a_claim_that_is_gone_is_passed_over() -> None:
    kept = [Deviation("grant.ticket", 1, 0, (("x", "g", "No."),)).kept(), {"rule": "stars", "count": 1, "unsaid": 0, "named": []}]
    assert [rule.key for rule, _ in named_in(kept)] == ["grant.ticket"]
    assert [rule.key for rule in rules_of("access_grants")] == ["grant.ticket", "grant.asked_before", "grant.approved"]
