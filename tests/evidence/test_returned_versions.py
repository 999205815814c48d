"""A returned version fills nothing: not the requirement's freshness either, whatever is handed in after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.models import Acceptance, EvidenceRequirement
from evidence.services.decide import decide_version
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement

pytestmark = pytest.mark.django_db


@pytest.fixture()
def requirement(acme, mei, jonas):
    with scope(acme):
        yield make_requirement(mei.actor, make_control(owner=jonas.membership))


def judge(person, version, acceptance):
    decide_version(actor=person.actor, version=version, acceptance=acceptance, reason="Of the wrong environment.")


def stands(requirement):
    found = EvidenceRequirement.objects.get(pk=requirement.pk)
    return found.freshness, found.effective_end


def test_what_is_older_than_a_returned_version_is_as_old_as_it_is(mei, jonas, requirement):
    """A fresh screenshot is returned, and one of last year takes its place: the requirement is stale."""
    fresh = bring(jonas, requirement, days_ago=1)
    judge(mei, fresh, Acceptance.RETURNED)
    old = bring(jonas, requirement, days_ago=300, artefact=fresh.artefact)
    assert stands(requirement) == ("stale", old.effective_end)


def test_a_version_that_is_returned_later_fills_nothing_from_then_on(mei, jonas, requirement):
    fresh = bring(jonas, requirement, days_ago=1)
    old = bring(jonas, requirement, days_ago=300, artefact=fresh.artefact)
    assert stands(requirement) == ("current", fresh.effective_end)
    judge(mei, fresh, Acceptance.RETURNED)
    assert stands(requirement) == ("stale", old.effective_end)


def test_one_that_was_returned_and_is_approved_after_all_counts_again(mei, jonas, requirement):
    fresh = bring(jonas, requirement, days_ago=1)
    bring(jonas, requirement, days_ago=300, artefact=fresh.artefact)
    judge(mei, fresh, Acceptance.RETURNED)
    judge(mei, fresh, Acceptance.APPROVED)
    assert stands(requirement) == ("current", fresh.effective_end)
    assert fresh.effective_end > now() - timedelta(days=2)
