"""The database keeps tenants apart, whatever the code forgets."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from compliance.people.models import Membership, Token
from compliance.tenancy.checks import tenant_models
from compliance.tenancy.clock import now, simulated
from compliance.tenancy.ids import NIL
from compliance.tenancy.rooms import as_user, current, scope, scope_of_own
from compliance.trail.models import Entry
from compliance.trail.services import record


def test_with_no_room_every_tenant_table_reads_zero_rows(acme, mei, jonas):
    with scope(acme):
        record(actor=mei.actor, action="people.membership.seen", target=mei.membership)
    for model in tenant_models():
        rows = model.objects.exclude(organization_id=NIL) if model._meta.app_label == "frameworks" else model.objects.all()
        assert rows.count() == 0, model


def test_one_room_never_shows_the_other(acme, borealis, mei, stranger):
    with scope(acme):
        assert [row.name for row in Membership.objects.all()] == ["Mei-Ling Chu"]
    with scope(borealis):
        assert [row.name for row in Membership.objects.all()] == ["Eve Stranger"]


def test_leaving_a_nested_room_restores_the_outer_one(acme, borealis, mei, stranger):
    with scope(acme):
        with scope(borealis):
            assert current().slug == "borealis"
        assert current().slug == "acme"
        assert Membership.objects.get().name == "Mei-Ling Chu"
    assert current() is None


def test_the_database_refuses_a_reference_into_another_room(acme, borealis, mei, stranger):
    with pytest.raises(IntegrityError), scope(borealis):
        Token.objects.create(name="t", secret_hash="x", hint="h", created_by=mei.membership, expires_at=now())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_row_cannot_be_written_into_another_room(acme, borealis, mei):
    with pytest.raises(DatabaseError), scope(acme):
        Membership.objects.create(organization=borealis, user=mei.user, role="employee", name="x", email="x@y.example")


def test_the_app_role_cannot_edit_the_trail(acme, mei):
    with scope(acme):
        entry = record(actor=mei.actor, action="people.membership.seen", target=mei.membership)
        for attempt in (lambda: Entry.objects.update(action="other"), entry.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()
        assert Entry.objects.get().action == "people.membership.seen"


def test_the_app_role_is_neither_superuser_nor_above_the_policies(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)")
        assert cursor.fetchone()[0] == 0


def test_a_signed_in_person_reads_their_own_memberships_and_nothing_else(acme, borealis, mei, stranger):
    with as_user(mei.user.pk):
        assert [row.organization_id for row in Membership.objects.all()] == [acme.pk]
        assert Token.objects.count() == 0


def test_the_clock_is_simulated_for_a_sample_only(acme):
    with scope(acme), pytest.raises(PermissionError), simulated(now()):
        pass


def test_every_tenant_table_refuses_the_other_room_on_update_and_delete(acme, borealis, mei):
    with scope(borealis):
        assert Membership.objects.filter(pk=mei.membership.pk).update(name="stolen") == 0
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_membership")
            assert cursor.rowcount == 0
    with scope(acme):
        assert Membership.objects.get().name == "Mei-Ling Chu"


def test_every_tenant_model_is_in_the_list_of_tables_with_policies(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
    assert {model._meta.db_table for model in tenant_models()} <= secured
    has_organization = {
        model._meta.db_table for model in apps.get_models() if any(f.name == "organization" for f in model._meta.local_fields)
    }
    assert has_organization <= secured


def test_from_a_room_that_was_chosen_as_oneself_no_other_room_is_read(acme, borealis, mei):
    """One's memberships elsewhere open the door; inside it they are out of sight, and the room outside comes back."""
    with scope(borealis):
        Membership.objects.create(user=mei.user, role="adviser", name="Mei", email=mei.user.email)
    seen: list[str] = []

    def choose():
        seen.extend(sorted(each.organization.slug for each in Membership.objects.select_related("organization")))
        return acme

    with scope(borealis):
        with scope_of_own(mei.user.pk, choose) as room:
            assert room.slug == "acme"
            assert {each.organization_id for each in Membership.objects.all()} == {acme.pk}
        assert {each.organization_id for each in Membership.objects.all()} == {borealis.pk}
    assert seen == ["acme", "borealis"]
