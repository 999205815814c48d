"""What a control stated is kept: a version for each change, the one in force on any day, and nothing is ever altered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.tenancy import clock
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.history import changes_between, design_on, lines_of, version_in_force
from controls.models import Control, ControlVersion, DesignConclusion
from controls.services.add import add_control
from controls.services.adopt import adopt_controls
from controls.services.apply import apply_control
from controls.services.assign import assign_controls
from controls.services.change import change_control, reinstate_control, retire_control
from controls.services.conclude import conclude_design
from tests.factories.compliance import make_system
from tests.factories.controls import make_control

pytestmark = pytest.mark.django_db


def numbers(control):
    return list(control.versions.order_by("number").values_list("number", flat=True))


def kept_at(control, number, moment, **stated):
    return ControlVersion.objects.create(
        control=control, number=number, valid_from=moment, stated={"title": f"Version {number}", **stated},
        changed=[] if number == 1 else ["title"],
    )  # fmt: skip


def page(name, control, query=""):
    return reverse(f"controls:{name}", args=["acme", control.pk]) + query


def test_writing_a_control_keeps_its_first_version(room, mei, jonas):
    control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.", owner=jonas.membership)
    version = control.versions.get()
    assert (version.number, version.made_by, version.changed) == (1, "Mei-Ling Chu", [])
    assert version.stated["owner"] == {"id": str(jonas.membership.pk), "name": "Jonas Lindqvist"}
    assert version.stated["statement"] == "Reviewed."


def test_a_change_keeps_what_it_is_now_with_who_and_why_and_the_one_before_stays(room, mei, jonas):
    control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.")
    change_control(actor=jonas.actor, control=control, title="Reviews of access", reason="The title said too little.")
    first, second = control.versions.order_by("number")
    assert (first.stated["title"], second.stated["title"]) == ("Reviews", "Reviews of access")
    assert (second.changed, second.made_by, second.reason) == (["title"], "Jonas Lindqvist", "The title said too little.")
    assert first.valid_from < second.valid_from
    assert Entry.objects.get(action="controls.control.changed").after["reason"] == "The title said too little."


def test_a_change_of_nothing_keeps_nothing(room, mei):
    control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.")
    change_control(actor=mei.actor, control=control, title="Reviews")
    assert numbers(control) == [1]


def test_retiring_taking_up_naming_systems_and_many_at_once_each_keep_one(room, mei, jonas):
    control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.")
    retire_control(actor=mei.actor, control=control, reason="The system is gone.")
    reinstate_control(actor=mei.actor, control=control)
    apply_control(actor=mei.actor, control=control, systems=[make_system(mei.actor)], services=[])
    assign_controls(actor=mei.actor, controls=[control.pk], owner=jonas.membership, starts_on=date(2026, 3, 1))
    changed = [each.changed for each in control.versions.order_by("number")]
    assert changed == [[], ["implementation"], ["implementation"], ["systems"], ["owner", "starts_on"]]
    assert control.versions.get(number=2).reason == "The system is gone."


def test_what_is_adopted_has_a_version(room, mei):
    _, controls = adopt_controls(actor=mei.actor, only={"AC-01", "AC-02"})
    assert ControlVersion.objects.filter(number=1).count() == len(controls) == 2


def test_of_a_control_that_none_was_kept_of_the_first_is_what_it_stated_until_now(room, mei):
    control = make_control(title="As it was")
    change_control(actor=mei.actor, control=control, title="As it is")
    first, second = control.versions.order_by("number")
    assert (first.stated["title"], first.valid_from, first.made_by) == ("As it was", control.created_at, "")
    assert second.stated["title"] == "As it is"


def test_a_refused_change_keeps_nothing(room, mei):
    control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.")
    with pytest.raises(Exception, match="Say what is done"), transaction.atomic():
        change_control(actor=mei.actor, control=control, statement=" ")
    assert numbers(control) == [1]


@pytest.mark.parametrize("table", ["controls_controlversion", "controls_designconclusion"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET reason = 'Another'", "DELETE FROM {}"])
def test_the_database_refuses_to_alter_or_remove_what_is_kept(room, mei, table, deed):
    control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.")
    conclude_design(actor=mei.actor, control=control, design="suitable", reason="Walked through.")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format(table))
    assert numbers(control) == [1]


def test_another_organisation_has_no_version(acme, borealis, mei):
    with scope(acme):
        control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.")
    with scope(borealis):
        assert not ControlVersion.objects.filter(control_id=control.pk).exists()


# --- the version in force --------------------------------------------------------------------------------------------


def test_the_version_in_force_on_a_day_is_the_last_of_that_day_in_the_organisations_zone(room):
    control = make_control()
    summer = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)  # 23:30 in Lisbon
    first, second = kept_at(control, 1, summer), kept_at(control, 2, summer + timedelta(hours=1))
    assert version_in_force(control, date(2026, 6, 30)) is None
    assert version_in_force(control, date(2026, 7, 1)) == first
    assert version_in_force(control, date(2026, 7, 2)) == second
    assert version_in_force(control, date.max) is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(0, 20 * 24 * 60), min_size=1, max_size=8), st.integers(-2, 22))
def test_of_any_history_the_last_one_whose_local_day_has_come_is_in_force(room, minutes, asked):
    """Around the night on which Lisbon changes its clocks."""
    begin, zone = datetime(2026, 3, 20, tzinfo=UTC), ZoneInfo("Europe/Lisbon")
    day = begin.date() + timedelta(days=asked)
    moments = [begin + timedelta(minutes=each) for each in sorted(minutes)]
    with transaction.atomic():
        control = make_control()
        for number, moment in enumerate(moments, start=1):
            kept_at(control, number, moment)
        found = version_in_force(control, day)
        transaction.set_rollback(True)
    come = sum(moment.astimezone(zone).date() <= day for moment in moments)
    assert (found.number if found else 0) == come


# --- what differs ----------------------------------------------------------------------------------------------------


def test_a_statement_differs_sentence_by_sentence_and_a_value_from_one_to_another():
    before = {"statement": "Access is reviewed. It is done monthly.", "frequency": "monthly", "owner": None, "services": []}
    after = {
        "statement": "Access is reviewed. It is done each quarter.", "frequency": "quarterly",
        "owner": {"id": "1", "name": "Jonas"}, "services": [{"id": "2", "ref": "SVC-001", "name": "Payments"}],
    }  # fmt: skip
    found = {each.label: each for each in changes_between(before, after, ["owner", "frequency", "statement", "services"])}
    assert list(found) == ["Statement", "Owner", "How often", "Services"]
    assert [(line.sign, line.text) for line in found["Statement"].lines] == [
        (" ", "Access is reviewed."), ("-", "It is done monthly."), ("+", "It is done each quarter."),
    ]  # fmt: skip
    assert (found["How often"].before, found["How often"].after) == ("Monthly", "Quarterly")
    assert (found["Owner"].before, found["Owner"].after) == ("Nobody named", "Jonas")
    assert (found["Services"].before, found["Services"].after) == ("All services", "SVC-001 Payments")


def test_tests_are_told_one_by_one():
    assert lines_of("test_procedures", [{"type": "inspection", "text": "Inspect it."}]) == ["Inspection: Inspect it."]


# --- design ----------------------------------------------------------------------------------------------------------


def test_each_conclusion_on_the_design_stays_with_the_version_that_it_speaks_of(room, mei, femi):
    control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.", frequency="monthly")
    conclude_design(actor=femi.actor, control=control, design="unsuitable", reason="Nobody is named.")
    change_control(actor=mei.actor, control=control, frequency="quarterly")
    conclude_design(actor=femi.actor, control=control, design="suitable", reason="Walked through.")
    told = DesignConclusion.objects.filter(control=control).order_by("id")
    assert [(each.version.number, each.design, each.concluded_by) for each in told] == [
        (1, "unsuitable", "Femi Adeyemi"), (2, "suitable", "Femi Adeyemi"),
    ]  # fmt: skip


def test_a_conclusion_holds_until_what_it_speaks_of_changes(room, mei, femi):
    control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed.", frequency="monthly")
    day = clock.today("Europe/Lisbon")
    assert design_on(control, control.versions.first(), day) is None
    conclude_design(actor=femi.actor, control=control, design="suitable", reason="Walked through.")
    change_control(actor=mei.actor, control=control, title="Reviews of access")
    held = design_on(control, control.versions.first(), day)
    assert held is not None
    assert (held.design, held.version.number) == ("suitable", 1)
    assert design_on(control, control.versions.first(), day - timedelta(days=1)) is None
    change_control(actor=mei.actor, control=control, statement="Reviewed by hand.")
    assert design_on(control, control.versions.first(), day) is None


# --- pages -----------------------------------------------------------------------------------------------------------


def test_the_history_shows_each_version_with_what_it_changed_and_why(acme, mei, jonas):
    with scope(acme):
        control = add_control(actor=mei.actor, ref="AC-01", title="Reviews", statement="Reviewed monthly.")
        change_control(actor=mei.actor, control=control, statement="Reviewed quarterly.", reason="Monthly was never done.")
        conclude_design(actor=mei.actor, control=control, design="suitable", reason="Walked through.")
    content = jonas.client.get(page("history", control)).content.decode()
    for words in ("Monthly was never done.", "<del>Reviewed monthly.</del>", "<ins>Reviewed quarterly.</ins>", "Walked through."):
        assert words in content
    assert "Version 2, in force since" in jonas.client.get(page("control", control)).content.decode()


def test_a_long_history_comes_page_by_page(acme, mei):
    with scope(acme):
        control = make_control()
        for number in range(1, 41):
            kept_at(control, number, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number))
    first = mei.client.get(page("history", control)).context
    assert [row["version"].number for row in first["rows"]] == list(range(40, 25, -1))
    assert first["rows"][-1]["changes"][0].before == "Version 25"
    second = mei.client.get(page("history", control, f"?cursor={first['page'].next_cursor}")).context
    assert second["rows"][0]["version"].number == 25


def test_a_control_is_shown_as_it_stood_on_the_day_of_the_address(acme, mei):
    with scope(acme):
        control = make_control()
        kept_at(control, 1, datetime(2026, 3, 1, tzinfo=UTC), statement="Done by hand.", owner={"id": "1", "name": "Ana"})
        kept_at(control, 2, datetime(2026, 5, 1, tzinfo=UTC), statement="Done by a system.")
    answer = mei.client.get(page("as_it_stood", control, "?on=2026-04-30"))
    content = answer.content.decode()
    assert "Done by hand." in content
    assert "Ana" in content
    assert "now it is 2" in content
    assert "Done by a system." in mei.client.get(page("as_it_stood", control)).content.decode()
    assert "Nothing is kept of that day" in mei.client.get(page("as_it_stood", control, "?on=2026-02-01")).content.decode()


@pytest.mark.parametrize("day", ["soon", "2026-13-01", "0001-01-01", "9999-12-31", "2026-02-30", "2026-02-01T10:00"])
def test_a_day_that_is_none_is_no_fault_of_the_page(acme, mei, day):
    with scope(acme):
        control = make_control()
    assert mei.client.get(page("as_it_stood", control), {"on": day}).status_code in {200, 422}


def test_the_form_asks_why_and_keeps_the_answer(acme, mei):
    with scope(acme):
        control = make_control()
    form = mei.client.get(page("change", control)).context["form"]
    sent = {name: value for name, value in form.initial.items() if isinstance(value, str)}
    tests = {"tests-TOTAL_FORMS": "0", "tests-INITIAL_FORMS": "0"}
    mei.client.post(page("change", control), sent | tests | {"title": "Another", "reason": "It was wrong."})
    with scope(acme):
        assert control.versions.first().reason == "It was wrong."


# --- those that were there before versions were ----------------------------------------------------------------------


def test_controls_that_were_there_get_a_first_version_from_their_last_change_on(room, mei, femi):
    backfill = import_module("controls.migrations.0003_control_versions").keep_first_versions
    plain = make_control("AC-01", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    changed = make_control(
        "AC-02", created_at=datetime(2026, 1, 1, tzinfo=UTC), owner=mei.membership, design="suitable", design_reason="Seen.",
        design_by=femi.membership, design_at=datetime(2026, 2, 2, tzinfo=UTC), starts_on=date(2026, 1, 5),
    )  # fmt: skip
    moment = clock.now()
    Entry.objects.create(
        at=moment, actor_kind="person", actor_label="Mei", action="controls.control.changed", target_type="controls.control",
        target_id=changed.pk, target_label="AC-02",
    )  # fmt: skip
    backfill(apps)
    assert plain.versions.get().valid_from == plain.created_at
    version = changed.versions.get()
    assert (version.valid_from, version.stated["starts_on"], version.stated["owner"]["name"]) == (moment, "2026-01-05", "Mei-Ling Chu")
    conclusion = version.conclusions.get()
    assert (conclusion.design, conclusion.concluded_by, conclusion.concluded_at) == ("suitable", "Femi Adeyemi", changed.design_at)
    change_control(actor=mei.actor, control=Control.objects.get(pk=changed.pk), starts_on=date(2026, 1, 6))
    assert changed.versions.first().changed == ["starts_on"]
