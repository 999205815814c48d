"""What checks and looks said is shown in words: no reason by its value, no fact kind by its id."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from compliance.access.permissions import Permission
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.checks.base import Reason
from evidence.collectors.wording import _titles, in_words, name_in_words, reason_in_words
from evidence.judging.models import CheckState, ResourceInterval
from gaps.export import lines_of
from gaps.models import Gap, Occurrence
from gaps.services.reconcile import reconcile
from tests.factories.evidence import make_connection
from tests.factories.gaps import judge

CHECK = "github.org.2fa_required"
REPORT = _titles()["aws.iam.credential_report"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("denied: tags", "It may not be read: tags"),
        ("not_collected", "It was not collected."),
        ("aws.s3.buckets", f"“{_titles()['aws.s3.buckets']}” could not be looked at."),
        (
            "empty: aws.iam.credential_report returned nothing, which cannot be the truth",
            f"It was empty, which cannot be the truth: “{REPORT}” returned nothing, which cannot be the truth",
        ),
        ("denied by policy", "denied by policy"),
        ("arn:aws:s3:::aws.s3.buckets is public.", "arn:aws:s3:::aws.s3.buckets is public."),
        ("It names aws.s3.buckets.", f"It names “{_titles()['aws.s3.buckets']}”."),
        ("github.org.2fa_required is no fact kind", "github.org.2fa_required is no fact kind"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_message_is_told_in_words(said, told):
    assert in_words(said) == told


@pytest.mark.parametrize("reason", list(Reason))
def test_no_reason_is_told_by_its_value(reason):
    assert not in_words(f"{reason}: x").startswith(reason.value)


def test_a_kind_and_a_check_go_by_their_titles_and_anything_else_by_itself():
    assert name_in_words("aws.s3.buckets") == _titles()["aws.s3.buckets"]
    assert "." not in name_in_words(CHECK)
    assert name_in_words("ada@acme.example") == "ada@acme.example"


@pytest.fixture
def unread(acme, mei):
    """A check that could not look, as its vendor's refusal has it."""
    with scope(acme):
        connection = make_connection(mei.actor)
        at = now() - timedelta(days=1)
        values = {"connection": connection, "check_id": CHECK, "outcome": "unknown", "reason": "denied", "message": "denied: github.org"}
        CheckState.objects.create(**values, since=at, judged_at=at, facts_at=at, check_version=1)
        ResourceInterval.objects.create(**values, resource="*", started_at=at, seen_until=at, check_version=1)


def test_the_page_of_a_check_tells_it_so(unread, mei):
    page = mei.client.get(reverse("checks:check", args=["acme", CHECK])).content.decode()
    assert f"It may not be read: “{_titles()['github.org']}”" in page
    assert "denied: github.org" not in page


def test_the_api_tells_the_same_and_keeps_what_machines_read_beside_it(acme, unread, token_of):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(acme, Permission.EVIDENCE_VIEW)}")
    for address in ("check-results", "check-intervals"):
        (row,) = client.get(f"/api/v1/{address}/").json()["results"]
        assert (row["outcome"], row["reason"]) == ("unknown", "denied")
        assert row["message"] == f"It may not be read: “{_titles()['github.org']}”"


def test_a_gap_says_it_in_its_cause_its_occurrences_and_its_files_alike(acme, unread, mei):
    told = f"It may not be read: “{_titles()['github.org']}”"
    with scope(acme):
        reconcile()
        gap = Gap.objects.get()
        assert told in gap.cause
        (row,) = Occurrence.objects.all()
        assert (row.resource, row.message) == (CHECK, told)  # a machine finds the check by its id
        assert told in next(iter(lines_of(Gap.objects.all())))[6]


def test_a_failing_resource_is_told_in_words_in_the_register(acme, mei):
    with scope(acme):
        judge(make_connection(mei.actor), on={"org:acme": "empty: github.members returned nothing"})
        reconcile()
        said = f"It was empty, which cannot be the truth: “{_titles()['github.members']}” returned nothing"
        assert Occurrence.objects.get().message == said
        assert said in Gap.objects.get().cause


def test_a_reason_by_itself_is_told_in_words():
    assert reason_in_words("denied") == "it may not be read"
    assert reason_in_words("made up") == "made up"
