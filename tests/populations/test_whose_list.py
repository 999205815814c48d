"""Whoever answered for what a list shows neither rules on it nor confirms it, whatever was handed on since."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from compliance.people.models import Membership
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.owning import within
from controls.services.change import change_control
from evidence.populations.models import Mismatch, PopulationStatement, PopulationVersion
from evidence.populations.reconciling import Kind, Unequal
from evidence.populations.services.bring import bring_file, freeze_draft
from evidence.populations.services.freeze import freeze
from evidence.populations.services.keep import add_population, change_population
from evidence.populations.services.work_through import confirm_version, decide_mismatch

from .conftest import MAY, built

pytestmark = pytest.mark.django_db
LEFT = Unequal(Kind.LEFT, "okta", "ada", "Ada left 3 days before.")


def at(month: int, day: int):
    return time_machine.travel(datetime(2026, month, day, 12, tzinfo=UTC), tick=False)


@pytest.fixture
def lead(acme, jonas):
    """Jonas is a compliance manager now: his role would let him do all of it."""
    with scope(acme):
        Membership.objects.filter(pk=jonas.membership.pk).update(role="compliance_manager")
    return jonas


@pytest.fixture
def early(request):
    """Control and population are there since March; the list is of May."""
    with at(3, 1):
        return request.getfixturevalue("population")


def ready(frozen, worked):
    version = frozen("w1", unequal=[LEFT])
    worked(version)
    return version


def rules(who, version):
    return decide_mismatch(actor=who.actor, mismatch=Mismatch.objects.get(version=version), ruling="timing", reason="Same day.")


def refused(who, version, match):
    for deed in (lambda: rules(who, version), lambda: confirm_version(actor=who.actor, version=version, note="Mine is well.")):
        with pytest.raises(PermissionDenied, match=match):
            deed()


def test_who_owns_it_neither_rules_nor_confirms_and_is_told_who_can(acme, priya, femi, lead, population, frozen, worked):
    version = ready(frozen, worked)
    with scope(acme):
        refused(lead, version, r"You own AC-06\..*Can: Femi Adeyemi.*Mei-Ling Chu")
        refused(priya, version, f"You own {population.ref}")


def test_handing_the_control_on_first_changes_nothing(acme, early, control, lead, mei, noor, frozen, worked):
    with at(6, 10), scope(acme):
        change_control(actor=mei.actor, control=control, owner=mei.membership)
        change_control(actor=mei.actor, control=control, owner=None)
    with at(6, 11):
        version = ready(frozen, worked)
        with scope(acme):
            refused(lead, version, "You owned AC-06 until 10 Jun 2026")
            refused(mei, version, "You owned AC-06 until 10 Jun 2026")


def test_who_handed_it_on_before_the_first_day_never_answered_for_the_list(acme, early, control, lead, mei, frozen, worked):
    with at(4, 10), scope(acme):
        change_control(actor=mei.actor, control=control, owner=None)
    with at(6, 11):
        version = ready(frozen, worked)
        with scope(acme):
            assert rules(lead, version).ruling == "timing"
            assert confirm_version(actor=lead.actor, version=version, note="Gone through.").confirmed


def test_taking_the_control_off_the_list_changes_nothing(acme, early, lead, mei, frozen, worked):
    with at(6, 10), scope(acme):
        change_population(actor=mei.actor, population=early, controls=[])
    with at(6, 11):
        version = ready(frozen, worked)
        with scope(acme):
            refused(lead, version, "You own AC-06")


def test_handing_the_population_on_changes_nothing_either(acme, early, priya, mei, noor, frozen, worked):
    with scope(acme):
        Membership.objects.filter(pk=priya.membership.pk).update(role="compliance_manager")
    with at(6, 10), scope(acme):
        change_population(actor=mei.actor, population=early, owner=noor.membership)
    with at(6, 11):
        version = frozen("w1", unequal=[LEFT])
        with scope(acme):
            refused(priya, version, f"You owned {early.ref} until 10 Jun 2026")
            assert rules(mei, version).ruling == "timing"


def test_an_approver_who_never_owned_it_rules(acme, femi, frozen, worked):
    version = ready(frozen, worked)
    with scope(acme):
        mismatch = Mismatch.objects.get(version=version)
    url = reverse("populations:decide", args=["acme", mismatch.pk])
    assert femi.client.post(url, {"ruling": "error", "reason": "IT was not told."}).status_code == 302
    with scope(acme):
        assert mismatch.decisions.get().decided_by == femi.actor.label


def test_the_page_says_why_and_who_can_and_offers_no_form(acme, priya, mei, femi, frozen):
    version = frozen("w1", unequal=[LEFT])
    url = reverse("populations:version", args=["acme", version.pk])
    page = priya.client.get(url).content.decode()
    assert f"You own {version.population.ref}." in page
    assert "Can: Femi Adeyemi" in page
    with scope(acme):
        decide = reverse("populations:decide", args=["acme", Mismatch.objects.get().pk])
    assert decide not in page
    assert decide in mei.client.get(url).content.decode()
    assert priya.client.post(decide, {"ruling": "timing", "reason": "Mine."}).status_code == 403


def test_who_froze_it_does_not_confirm_it_and_another_does(acme, mei, femi, population, worked):
    """A list that a machine drew: nobody brought a file, and its days were chosen by whoever froze it."""
    with scope(acme):
        version = freeze(actor=mei.actor, population=population, built=built("w1", unequal=[LEFT]), period=MAY, by=mei.membership)
    worked(version)
    with scope(acme):
        assert rules(mei, version).ruling == "timing"
        with pytest.raises(PermissionDenied, match="You froze version 1 of it.*nobody confirms what they froze. Can: Femi Adeyemi"):
            confirm_version(actor=mei.actor, version=version, note="As I froze it.")
        url = reverse("populations:version", args=["acme", version.pk])
        deed = reverse("populations:confirm", args=["acme", version.pk])
    page = mei.client.get(url).content.decode()
    assert "You froze version 1 of it." in page
    assert deed not in page
    assert mei.client.post(deed, {"note": "As I froze it."}).status_code == 403
    assert deed in femi.client.get(url).content.decode()
    with scope(acme):
        assert confirm_version(actor=femi.actor, version=version, note="Gone through.").confirmed


def test_what_was_frozen_by_itself_is_confirmed_by_anybody_who_may(acme, mei, population, worked):
    with scope(acme):
        version = freeze(actor=SYSTEM, population=population, built=built("w1"), period=MAY)
    worked(version)
    with scope(acme):
        assert confirm_version(actor=mei.actor, version=version, note="Gone through.").confirmed


def test_a_file_is_frozen_in_the_name_of_who_says_so_and_neither_confirms_it(acme, mei, priya, noor, control, worked):
    with scope(acme):
        Membership.objects.filter(pk=noor.membership.pk).update(role="compliance_manager")
        kept = add_population(
            actor=mei.actor, template="joiners", name="New hires", source="upload", owner=priya.membership, controls=[control]
        )
        draft = bring_file(
            actor=noor.actor, member=noor.membership, population=kept, content=[b"Worker,Name,First day\nw1,Ada,2026-05-04\n"],
            filename="hires.csv", media_type="text/csv", first=MAY.first, last=MAY.last, zone="UTC", system="HR", query="All",
            drawn_at=datetime(2026, 6, 2, tzinfo=UTC), total=1,
        )  # fmt: skip
        freeze_draft(actor=mei.actor, draft=draft)
        version = PopulationVersion.objects.get(population=kept)
        assert (version.frozen_by, version.rows.provided_by) == (mei.actor.label, mei.membership)
        for who, why in ((noor, "You brought its file"), (mei, "You froze version 1 of it")):
            with pytest.raises(PermissionDenied, match=why):
                confirm_version(actor=who.actor, version=version, note="Mine is well.")


def test_who_answers_is_kept_for_good_and_only_where_it_changes(acme, mei, priya, population):
    with scope(acme):
        change_population(actor=mei.actor, population=population, name="Leavers of all entities")
        kept = PopulationStatement.objects.get()
        assert kept.stated["owner"]["id"] == str(priya.membership.pk)
        change_population(actor=mei.actor, population=population, owner=None)
        assert PopulationStatement.objects.count() == 2
    for deed in (lambda: PopulationStatement.objects.update(stated={}), lambda: PopulationStatement.objects.all().delete()):
        with scope(acme), pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_what_held_from_a_day_on_begins_before_it():
    days = [(datetime(2026, month, 1, tzinfo=UTC), name) for month, name in ((1, "a"), (3, "b"), (6, "c"))]
    first = datetime.combine(date(2026, 5, 1), datetime.min.time(), UTC)
    assert within(days, first) == [(days[2][0], "b"), (None, "c")]
    assert within([], first) == []
