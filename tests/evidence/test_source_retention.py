"""What a source keeps for a time is warned of before it is lost, and said honestly after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from compliance.access.permissions import Permission
from compliance.desk import registry
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.collectors.desk import news_for, work_for
from evidence.collectors.models import Connection, Cursor
from evidence.collectors.retention import Risk, loss_of
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.api.conftest import Caller
from tests.factories.gaps import look, make_connection

pytestmark = pytest.mark.django_db
LOG = "okta.system_log"


@pytest.mark.parametrize(
    ("days", "risk"),
    [(0, Risk.NONE), (59, Risk.NONE), (60, Risk.NEAR), (89, Risk.NEAR), (90, Risk.LOST), (300, Risk.LOST)],
)
def test_a_third_of_the_time_before_the_loss_it_is_near(days: int, risk: Risk) -> None:
    read = now()
    loss = loss_of(LOG, read, read + timedelta(days=days))
    assert loss is not None
    assert (loss.risk, loss.begins) == (risk, read + timedelta(days=90))


def test_what_is_kept_for_good_and_what_was_never_read_cannot_be_lost() -> None:
    assert loss_of("github.merged_pull_requests", now() - timedelta(days=900), now()) is None
    assert loss_of(LOG, None, now()) is None


@pytest.fixture()
def okta(acme) -> Connection:
    with scope(acme):
        return make_connection("Okta", vendor="okta")


def _read(acme, okta: Connection, days_ago: int) -> None:
    with scope(acme):
        at = now() - timedelta(days=days_ago)
        look(okta, LOG, at=at)
        told = {"collected_from": at - timedelta(days=90), "complete_to": at, "rows": 412, "state": {"to": at.isoformat()}}
        Cursor.objects.update_or_create(connection=okta, fact_kind=LOG, defaults=told)


def _page(mei, okta: Connection) -> str:
    return mei.client.get(reverse("connections:connection", args=["acme", okta.pk])).content.decode()


def test_the_page_says_how_far_it_has_read_and_that_earlier_is_not_kept(acme, mei, okta) -> None:
    _read(acme, okta, 1)
    page = _page(mei, okta)
    assert "How far it has read" in page
    assert "earlier is not kept by Okta" in page
    assert "412" in page
    assert "about to be lost" not in page


def test_the_page_warns_before_and_says_after(acme, mei, okta) -> None:
    _read(acme, okta, 70)
    assert "about to be lost" in _page(mei, okta)
    _read(acme, okta, 95)
    assert "it is being lost" in _page(mei, okta)


def test_it_waits_for_those_who_manage_connections_and_for_nobody_else(acme, mei, jonas, okta) -> None:
    assert "collectors" in registry.work.names()
    _read(acme, okta, 70)
    with scope(acme):
        item = work_for(mei.membership)[0]
        assert item.due == (now() + timedelta(days=20)).date()
        assert "Okta keeps this for 90 days" in item.why
        assert [line.urgent for line in news_for(mei.membership)] == [True]
        assert work_for(jonas.membership) == []


def test_a_paused_connection_is_how_it_is_lost_so_it_is_warned_of_and_then_let_be(acme, mei, okta) -> None:
    with scope(acme):
        Connection.objects.update(active=False)
    _read(acme, okta, 70)
    with scope(acme):
        assert len(work_for(mei.membership)) == 1
    _read(acme, okta, 95)
    with scope(acme):
        assert work_for(mei.membership) == []


def test_a_gap_opens_before_the_loss_and_closes_with_the_next_reading(acme, okta) -> None:
    _read(acme, okta, 70)
    with scope(acme):
        reconcile()
        gap = Gap.objects.get(rule="source.runs_out")
        assert (gap.subject, gap.connection_id) == (LOG, okta.pk)
        assert "what was not read by" in gap.cause
    _read(acme, okta, 0)
    with scope(acme):
        reconcile()
        gap.refresh_from_db()
        assert (gap.state, gap.closing_note.startswith("It was read in full on")) == ("closed", True)


def test_how_far_it_has_read_is_in_the_api_too(acme, mei, okta, token_of) -> None:
    _read(acme, okta, 1)
    answer = Caller(token_of(acme, Permission.CONNECTION_VIEW)).get(f"connections/{okta.pk}/cursors/").json()
    assert [(each["fact_kind"], each["source"], each["rows"]) for each in answer["results"]] == [(LOG, "", 412)]
