"""API tokens: shown once, never more than their maker, ended on a day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from compliance.access.permissions import Permission
from compliance.access.roles import Role, permissions_of
from compliance.people.models import Token
from compliance.people.scopes import AREAS, GRANTABLE, choices_within, permissions_for, summary
from compliance.people.secrets import digest
from compliance.people.services import create_token
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry

ASKED = {"name": "Nightly export", "scopes": ["gaps:read", "scope:write"], "days": "90"}


def make(person, **fields):
    return person.client.post("/o/acme/tokens/new/", ASKED | fields)


def secret_in(answer) -> str:
    return re.search(r"fw1_[0-9a-f]{32}_[\w-]+", answer.content.decode())[0]


def test_it_is_shown_once_and_kept_as_a_hash(acme, mei):
    answer = make(mei)
    handed = secret_in(answer)
    assert "no-store" in answer["Cache-Control"]
    with scope(acme):
        token = Token.objects.get()
    assert token.secret_hash == digest(handed)
    assert token.hint == handed[-4:]
    assert token.scopes == ["compliance:scope:change", "compliance:scope:decide", "gaps:gap:view"]
    assert token.expires_at - now() < timedelta(days=90)
    assert handed not in mei.client.get("/o/acme/tokens/").content.decode()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["people:write"]}, {"days": "9999"}])
def test_it_needs_a_purpose_a_scope_and_an_end(acme, mei, wrong):
    assert make(mei, **wrong).status_code == 422
    with scope(acme):
        assert not Token.objects.exists()


def test_what_was_ticked_is_still_ticked_after_a_refusal(acme, mei):
    page = make(mei, name="").content.decode()
    assert re.search(r'value="gaps:read"[^>]*checked', page)


def test_its_scopes_never_exceed_its_makers_role(acme, ada):
    assert make(ada, scopes=["gaps:write"]).status_code == 422
    with scope(acme), pytest.raises(ValidationError, match="gaps:gap:change"):
        create_token(actor=ada.actor, name="x", scopes=[Permission.GAP_CHANGE], days=9, creator=ada.membership)


def test_nobody_can_give_a_token_what_would_beget_others(acme, mei):
    for beyond in (Permission.TOKEN_MANAGE, Permission.PEOPLE_MANAGE, Permission.WORK_VIEW, Permission.GAP_CHANGE_OWN):
        with scope(acme), pytest.raises(ValidationError):
            create_token(actor=mei.actor, name="x", scopes=[beyond], days=9, creator=mei.membership)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_it_lasts_a_year_at_most(acme, mei, days):
    with scope(acme), pytest.raises(ValidationError):
        create_token(actor=mei.actor, name="x", scopes=[Permission.GAP_VIEW], days=days, creator=mei.membership)


def test_it_is_revoked(acme, mei):
    handed = secret_in(make(mei))
    with scope(acme):
        identifier = Token.objects.get().pk
    assert mei.client.post(f"/o/acme/tokens/{identifier}/revoke/").status_code == 302
    with scope(acme):
        assert not Token.objects.filter(secret_hash=digest(handed), revoked_at__isnull=True).exists()
    assert "Revoked" in mei.client.get("/o/acme/tokens/").content.decode()


@pytest.mark.parametrize("who", ["jonas", "femi", "noor"])
def test_other_roles_are_refused(acme, who, request):
    person = request.getfixturevalue(who)
    assert person.client.get("/o/acme/tokens/").status_code == 403
    assert make(person).status_code == 403


def test_another_organisation_sees_nothing(acme, mei, stranger):
    make(mei)
    with scope(acme):
        identifier = Token.objects.get().pk
    assert stranger.client.get("/o/acme/tokens/").status_code == 404
    assert stranger.client.post(f"/o/borealis/tokens/{identifier}/revoke/").status_code == 404
    assert b"Nightly export" not in stranger.client.get("/o/borealis/tokens/").content


def test_it_leaves_a_trail_without_the_secret(acme, mei):
    handed = secret_in(make(mei))
    with scope(acme):
        entry = Entry.objects.get(action="people.token.created")
    assert entry.after["scopes"] == ["compliance:scope:change", "compliance:scope:decide", "gaps:gap:view"]
    assert handed not in str(entry.__dict__)


@pytest.mark.parametrize("role", list(Role))
def test_every_choice_stays_within_the_role_that_makes_it(role):
    held = permissions_of(role)
    choices = [value for value, _ in choices_within(held)]
    assert permissions_for(choices, held) == held & GRANTABLE


def test_every_permission_is_in_one_area_or_in_none_by_intent():
    listed = [permission for area in AREAS for permission in (*area.read, *area.write)]
    assert len(listed) == len(set(listed))
    apart = {
        Permission.ORGANIZATION_CHANGE, Permission.PEOPLE_MANAGE, Permission.TOKEN_MANAGE, Permission.WORK_VIEW,
        Permission.EVIDENCE_PROVIDE_OWN, Permission.GAP_CHANGE_OWN, Permission.REQUEST_ANSWER_OWN,
        Permission.EVIDENCE_ANSWER_OWN,
        Permission.ROUND_ACT_OWN, Permission.PARTY_REVIEW_OWN, Permission.SCOPE_ANSWER_OWN, Permission.PROGRAMME_APPROVE,
    }  # fmt: skip
    assert set(Permission) - set(listed) == apart


def test_a_part_of_an_area_is_said_to_be_one():
    assert summary(["gaps:gap:view"]) == ["Gaps: read"]
    assert summary(["compliance:scope:change"]) == ["Scope register: write in part"]


def test_the_page_of_tokens_leads_to_what_a_token_can_call(mei):
    assert 'href="/api/v1/docs/"' in mei.client.get("/o/acme/tokens/").content.decode()
    assert mei.client.get("/api/v1/docs/").status_code == 200
