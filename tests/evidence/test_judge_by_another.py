"""A judgement of evidence is another person's: never the provider's, and never that of a token which nobody answers for."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from compliance.tenancy.rooms import scope
from compliance.trail.actors import Actor, ActorKind
from evidence.models import Acceptance
from evidence.services.decide import decide_version
from evidence.services.supersede import supersede_version
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement

pytestmark = pytest.mark.django_db
NOBODYS = Actor(ActorKind.TOKEN, "ci")


@pytest.fixture()
def brought(acme, mei, jonas):
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control(owner=jonas.membership))
        first = bring(jonas, requirement, days_ago=30)
        yield first, bring(jonas, requirement, days_ago=1, artefact=first.artefact)


@pytest.mark.parametrize("acceptance", [Acceptance.APPROVED, Acceptance.RETURNED])
def test_a_token_that_no_member_made_judges_nothing(brought, acceptance):
    """Whoever can make one at the command line could approve what they brought themselves."""
    with pytest.raises(PermissionDenied, match="nobody's"):
        decide_version(actor=NOBODYS, version=brought[0], acceptance=acceptance, reason="Cropped.")
    assert not brought[0].decisions.exists()


def test_nor_does_it_say_that_one_version_takes_the_place_of_another(brought):
    with pytest.raises(PermissionDenied, match="nobody's"):
        supersede_version(actor=NOBODYS, version=brought[0], by=brought[1], reason="Whole now.")


def test_a_members_token_judges_what_another_brought(brought, femi, jonas):
    of = Actor(ActorKind.TOKEN, "ci", None, femi.membership.pk)
    assert decide_version(actor=of, version=brought[0], acceptance=Acceptance.APPROVED).decided_by_member == femi.membership
    own = Actor(ActorKind.TOKEN, "ci", None, jonas.membership.pk)
    with pytest.raises(PermissionDenied, match="provided"):
        decide_version(actor=own, version=brought[1], acceptance=Acceptance.APPROVED)
