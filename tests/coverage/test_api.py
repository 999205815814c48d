"""Coverage by the API: a list per requirement and programme, one with its intervals, and the audit firm's tolerance."""

from datetime import date

import pytest

from compliance.access.permissions import Permission
from evidence.coverage.models import Coverage
from evidence.coverage.services import refresh_coverage

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
