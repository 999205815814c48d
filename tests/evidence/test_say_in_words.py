"""What checks and looks said is shown in words: no reason by its value, no fact kind by its id."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.checks.base import Reason
from evidence.judging.models import CheckState, ResourceInterval
from evidence.judging.wording import _titles, in_words, name_in_words
from tests.factories.evidence import make_connection

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


def test_the_page_of_a_check_tells_it_so(acme, mei):
    with scope(acme):
        connection = make_connection(mei.actor)
        at = now() - timedelta(days=1)
        values = {"connection": connection, "check_id": CHECK, "outcome": "unknown", "reason": "denied", "message": "denied: github.org"}
        CheckState.objects.create(**values, since=at, judged_at=at, facts_at=at, check_version=1)
        ResourceInterval.objects.create(**values, resource="*", started_at=at, seen_until=at, check_version=1)
    page = mei.client.get(reverse("checks:check", args=["acme", CHECK])).content.decode()
    assert f"It may not be read: “{_titles()['github.org']}”" in page
    assert "denied: github.org" not in page
