"""The page of members, changing one, ending a membership. Somebody always remains who can bring people in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.access.permissions import Permission
from compliance.people.models import Membership, Token, User
from compliance.people.selectors import members, members_who_may, second_factor_holders
from compliance.people.services import change_member, create_token, end_membership
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry


def change(by, whom, **fields):
    asked = {"role": whom.membership.role, "title": ""} | fields
    return by.client.post(f"/o/acme/people/{whom.membership.pk}/", asked)


def end(by, whom):
    return by.client.post(f"/o/acme/people/{whom.membership.pk}/end/")


def test_it_shows_role_second_factor_and_last_sign_in(acme, mei, jonas):
    Authenticator.objects.create(user=jonas.user, type=Authenticator.Type.TOTP, data={})
    User.objects.filter(pk=jonas.user.pk).update(last_login=now() - timedelta(days=400))
    page = mei.client.get("/o/acme/people/").content.decode()
    assert "Jonas Lindqvist" in page
    assert "Control owner" in page
    assert page.count("<span>Yes</span>") == 1
    assert page.count("<span>None</span>") == 1


def test_recovery_codes_alone_are_no_second_factor(mei):
    Authenticator.objects.create(user=mei.user, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert second_factor_holders([mei.user.pk]) == set()


def test_ones_own_membership_elsewhere_is_not_listed_here(acme, mei, borealis, stranger):
    with scope(borealis):
        Membership.objects.create(user=mei.user, role="adviser", name="Mei Elsewhere", email=mei.user.email)
    assert "Mei Elsewhere" not in mei.client.get("/o/acme/people/").content.decode()
    with scope(acme, user_id=mei.user.pk):
        assert [member.name for member in members()] == ["Mei-Ling Chu"]
        assert [member.name for member in members_who_may(Permission.PEOPLE_MANAGE)] == ["Mei-Ling Chu"]


def test_it_can_be_narrowed_by_name_and_role(acme, mei, jonas, femi):
    page = mei.client.get("/o/acme/people/?role=approver").content.decode()
    assert "Femi Adeyemi" in page
    assert "Jonas Lindqvist" not in page
    assert "Nobody matches these filters" in mei.client.get("/o/acme/people/?q=zzz").content.decode()


def test_its_queries_do_not_grow_with_members(acme, mei, jonas):
    client = mei.client
    client.get("/o/acme/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/o/acme/people/")
    with scope(acme):
        for number in range(30):
            user = User.objects.create(email=f"p{number}@acme.example", name=f"Person {number}")
            Membership.objects.create(user=user, role="employee", name=user.name, email=user.email)
    with CaptureQueriesContext(connection) as many:
        client.get("/o/acme/people/")
    assert len(many) == len(few)


def test_a_role_is_changed(acme, mei, jonas):
    assert change(mei, jonas, role="approver", title="Head of Platform").status_code == 302
    with scope(acme):
        jonas.membership.refresh_from_db()
    assert (jonas.membership.role, jonas.membership.title) == ("approver", "Head of Platform")


def test_the_last_who_manages_people_cannot_give_that_up(acme, mei, jonas):
    answer = change(mei, mei, role="control_owner")
    assert answer.status_code == 422
    assert "the last person here who can manage people" in answer.content.decode()
    assert end(mei, mei).status_code == 422
    with scope(acme):
        mei.membership.refresh_from_db()
    assert mei.membership.role == "compliance_manager"
    assert mei.membership.ended_at is None


def test_with_a_second_one_it_may_be_given_up(acme, mei, ada):
    assert change(mei, mei, role="control_owner").status_code == 302


def test_moving_between_the_two_managing_roles_is_no_loss(acme, mei, ada):
    assert change(ada, mei, role="administrator").status_code == 302


@pytest.mark.parametrize(("who", "role"), [("mei", "administrator"), ("ada", "compliance_manager"), ("ada", "approver")])
def test_nobody_gives_themselves_what_they_do_not_hold(acme, mei, ada, who, role, request):
    person = request.getfixturevalue(who)
    answer = change(person, person, role=role)
    assert answer.status_code == 422
    assert "Nobody raises their own role" in answer.content.decode()
    with scope(acme):
        before = person.membership.role
        person.membership.refresh_from_db()
    assert person.membership.role == before


def test_ones_own_title_is_changed_and_ones_role_lowered(acme, mei, ada):
    assert change(ada, ada, role="administrator", title="Head of IT").status_code == 302
    assert change(ada, ada, role="control_owner").status_code == 302


def test_an_ended_member_is_out_at_once(acme, mei, jonas):
    client = jonas.client
    assert client.get("/o/acme/scope/").status_code == 200
    assert end(mei, jonas)["Location"] == "/o/acme/people/"
    assert client.get("/o/acme/scope/").status_code == 404


def test_whoever_ends_their_own_membership_is_led_out(acme, mei, ada):
    assert end(mei, mei)["Location"] == "/"


def test_the_tokens_of_who_leaves_are_revoked(acme, mei, ada):
    with scope(acme):
        create_token(actor=mei.actor, name="x", scopes=[Permission.GAP_VIEW], days=9, creator=mei.membership)
        end_membership(actor=ada.actor, membership=mei.membership)
        assert Token.objects.get().revoked_at is not None
        assert Entry.objects.filter(action="people.token.revoked").count() == 1


def test_the_tokens_of_who_is_given_less_follow(acme, mei, ada):
    with scope(acme):
        both = [Permission.GAP_VIEW, Permission.GAP_CHANGE]
        create_token(actor=mei.actor, name="x", scopes=both, days=9, creator=mei.membership)
        change_member(actor=ada.actor, membership=mei.membership, role="control_owner")
        assert Token.objects.get().scopes == [Permission.GAP_VIEW.value]
        assert Token.objects.get().revoked_at is None


@pytest.mark.parametrize("who", ["jonas", "femi"])
def test_other_roles_read_and_may_not_change(acme, who, request, mei):
    person = request.getfixturevalue(who)
    assert person.client.get("/o/acme/people/").status_code == 200
    assert change(person, mei, role="employee").status_code == 403
    assert end(person, mei).status_code == 403


def test_an_employee_does_not_see_the_register(acme, noor):
    assert noor.client.get("/o/acme/people/").status_code == 403


def test_another_organisation_sees_nothing(acme, mei, stranger):
    assert stranger.client.get("/o/acme/people/").status_code == 404
    assert stranger.client.get(f"/o/borealis/people/{mei.membership.pk}/").status_code == 404
    assert stranger.client.post(f"/o/borealis/people/{mei.membership.pk}/end/").status_code == 404
    with scope(acme):
        mei.membership.refresh_from_db()
    assert mei.membership.ended_at is None


def test_a_role_that_does_not_exist_is_refused(acme, mei, jonas):
    assert change(mei, jonas, role="auditor").status_code == 422
    with scope(acme), pytest.raises(ValidationError):
        change_member(actor=mei.actor, membership=jonas.membership, role="auditor")


def test_it_leaves_a_trail(acme, mei, jonas):
    change(mei, jonas, role="approver")
    end(mei, jonas)
    with scope(acme):
        changed, ended = Entry.objects.order_by("id")
    assert (changed.action, changed.before, changed.after) == (
        "people.membership.changed", {"role": "control_owner"}, {"role": "approver"}
    )  # fmt: skip
    assert (ended.action, ended.target_id) == ("people.membership.ended", jonas.membership.pk)
