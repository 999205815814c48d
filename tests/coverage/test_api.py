"""Coverage by the API: a list per requirement and programme, one with its intervals, and the audit firm's tolerance."""

from datetime import UTC, date, datetime

import pytest

from compliance.access.permissions import Permission
from controls.models import Control
from controls.services.change import reinstate_control, retire_control
from evidence.coverage.models import Coverage
from evidence.coverage.services import refresh_coverage
from tests.factories.evidence import make_requirement

from .conftest import show


@pytest.fixture
def caller(acme, mei, token_of):
    from rest_framework.test import APIClient

    token = token_of(acme, Permission.EVIDENCE_VIEW, Permission.PROGRAMME_VIEW, Permission.PROGRAMME_CHANGE)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_it_lists_and_narrows_and_tells_the_intervals(review, programme, jonas, caller):
    show(review, date(2026, 2, 10))
    refresh_coverage()
    listed = caller.get(f"/api/v1/coverage/?state=lost&owner={jonas.membership.pk}&programme={programme.pk}").json()["results"]
    assert [(each["requirement"]["ref"], each["filled"], each["missed"], each["lost"]) for each in listed] == [(review.ref, 1, 1, 1)]
    assert caller.get("/api/v1/coverage/?state=whole").json()["results"] == []
    one = caller.get(f"/api/v1/coverage/{Coverage.objects.get().pk}/").json()
    assert [(each["name"], each["state"], each["lost"]) for each in one["intervals"]] == [
        ("Q1 2026", "filled", False), ("Q2 2026", "missed", True), ("Q3 2026", "open", False), ("Q4 2026", "to_come", False),
    ]  # fmt: skip
    assert one["intervals"][0]["evidence"].startswith("EV-")
    assert one["intervals"][2]["recoverable_until"] == "2026-10-15"


def test_the_tolerance_is_the_definitions_own_until_somebody_says_otherwise(programme, caller):
    address = f"/api/v1/programmes/{programme.pk}/tolerance/"
    assert caller.get(address).json() == {"before": 0, "after": 30, "firm": "", "set_by": "", "set_at": None}
    said = caller.put(address, {"before": 45, "after": 60, "firm": "Corbel & Lyne"}, format="json")
    assert said.status_code == 200, said.content
    assert caller.get(address).json()["before"] == 45
    assert caller.put(address, {"before": -1, "after": 10**12}, format="json").status_code == 400


def test_it_says_on_which_days_the_control_was_in_use(control, mei, caller, august):
    Control.objects.filter(pk=control.pk).update(created_at=datetime(2026, 1, 5, 9, tzinfo=UTC), starts_on=date(2026, 2, 1))
    make_requirement(mei.actor, control, cadence="monthly", key="monthly")
    august.move_to(datetime(2026, 6, 20, 12, tzinfo=UTC))
    retire_control(actor=mei.actor, control=Control.objects.get(), reason="A tool does it.")
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    refresh_coverage()
    (listed,) = caller.get("/api/v1/coverage/").json()["results"]
    assert (listed["control_starts_on"], listed["control_retired_on"]) == ("2026-02-01", "2026-06-20")
    assert listed["control_in_use"] == [{"first": "2026-02-01", "last": "2026-06-19"}]
    one = caller.get(f"/api/v1/coverage/{Coverage.objects.get().pk}/").json()
    assert one["control_in_use"] == listed["control_in_use"] == listed["control_expected"]
    assert listed["control_stood_retired"] == []


def test_it_says_which_days_of_a_retirement_count(control, mei, caller, august):
    Control.objects.filter(pk=control.pk).update(created_at=datetime(2026, 1, 5, 9, tzinfo=UTC), starts_on=date(2026, 1, 1))
    make_requirement(mei.actor, control, cadence="monthly", key="monthly")
    august.move_to(datetime(2026, 3, 20, 12, tzinfo=UTC))
    retire_control(actor=mei.actor, control=Control.objects.get(), reason="A tool does it.")
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    reinstate_control(actor=mei.actor, control=Control.objects.get())
    refresh_coverage()
    (listed,) = caller.get("/api/v1/coverage/").json()["results"]
    (stood,) = listed["control_stood_retired"]
    assert (stood["first"], stood["last"], stood["taken_up_on"]) == ("2026-03-20", "2026-08-19", "2026-08-20")
    assert "takes back nothing" in stood["why_it_counts"]
    assert listed["control_in_use"] == [{"first": "2026-01-01", "last": "2026-03-19"}, {"first": "2026-08-20", "last": "2026-12-31"}]
    assert listed["control_expected"] == [{"first": "2026-01-01", "last": "2026-12-31"}]
    assert (listed["control_retired_on"], listed["missed"]) == (None, 7)


def test_a_control_in_use_has_no_day_of_retirement(review, caller):
    refresh_coverage()
    (listed,) = caller.get("/api/v1/coverage/").json()["results"]
    assert listed["control_retired_on"] is None
    assert listed["control_in_use"] == [{"first": "2026-01-01", "last": "2026-12-31"}]
