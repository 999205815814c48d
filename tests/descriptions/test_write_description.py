"""Writing a system description: sections, conflicts, versions, approval, what it lacks."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from compliance.commitments.models import Commitment
from compliance.descriptions.models import Section, Version
from compliance.descriptions.reading import between, lacks_of, present_sections
from compliance.descriptions.services import EditConflict, approve_version, description_for, keep_version, write_section
from compliance.desk.registry import items_for
from compliance.ledger.services import decide_disclosure, record_change, record_incident
from compliance.parties.models import ExpectedControl, OwnUserEntityControl, Party
from compliance.programmes.selectors import requirements_offered
from compliance.programmes.services import mark_not_relevant
from compliance.registers.models import Service
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control, Mapping
from tests.factories.compliance import make_programme, make_system


@pytest.fixture()
def programme(acme, mei):
    with scope(acme):
        return make_programme(mei.actor)


@pytest.fixture()
def url(programme):
    return f"/o/acme/programmes/{programme.pk}/description/"


def write(acme, person, programme, key, text, revision=0):
    with scope(acme):
        return write_section(actor=person.actor, description=description_for(programme), key=key, text=text, revision=revision)


def lacks(programme, key):
    return " ".join(lack.text for lack in next(s for s in present_sections(description_for(programme)) if s.criterion.key == key).lacks)


def test_a_type_2_has_nine_sections_and_a_type_1_eight(acme, mei, programme):
    with scope(acme):
        assert len(present_sections(description_for(programme))) == 9
        other = make_programme(mei.actor, kind="soc2_type_1", as_of=date(2026, 6, 30), period_start=None, period_end=None)
        assert [s.criterion.key for s in present_sections(description_for(other))] == [f"DC{n}" for n in range(1, 9)]


def test_only_a_soc_2_programme_has_one(acme, mei):
    with scope(acme):
        other = make_programme(mei.actor, kind="other")
        with pytest.raises(ValidationError):
            description_for(other)
    assert mei.client.get(f"/o/acme/programmes/{other.pk}/description/").status_code == 404


def test_it_is_written_on_its_page(acme, mei, url):
    answer = mei.client.post(f"{url}sections/DC1/", {"text": "We keep **ledgers**.\r\n\r\n<b>x</b>", "revision": "0"})
    assert answer.status_code == 302
    page = mei.client.get(f"{url}sections/DC1/").content.decode()
    assert "<strong>ledgers</strong>" in page
    assert "<b>x</b>" not in page
    with scope(acme):
        section = Section.objects.get()
        assert (section.revision, section.authors) == (1, [str(mei.membership.pk)])
        assert Entry.objects.get(action="descriptions.section.written").after["text"].startswith("We keep")


def test_two_who_write_at_once_lose_nothing(acme, mei, ada, programme, url):
    write(acme, mei, programme, "DC1", "First line.\nMine.")
    answer = mei.client.post(f"{url}sections/DC1/", {"text": "First line.\nTyped with care.", "revision": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Typed with care." in page
    assert "Mine." in page
    assert "Added:" in page
    assert "Removed:" in page
    with scope(acme):
        assert Section.objects.get().text == "First line.\nMine."
        with pytest.raises(EditConflict):
            write_section(actor=mei.actor, description=description_for(programme), key="DC1", text="x", revision=0)
    assert 'value="1"' in page
    assert mei.client.post(f"{url}sections/DC1/", {"text": "Both.", "revision": "1"}).status_code == 302


def test_who_may_not_write_gets_the_text_and_no_form(acme, mei, jonas, programme, url):
    write(acme, mei, programme, "DC1", "What we do.")
    page = jonas.client.get(f"{url}sections/DC1/").content.decode()
    assert "What we do." in page
    assert "<textarea" not in page
    jonas.client.post(f"{url}sections/DC1/", {"text": "Mine.", "revision": "1"})
    with scope(acme):
        assert Section.objects.get().text == "What we do."


@pytest.mark.parametrize(("text", "found"), [
    ("", "Nothing is written"), ("   \n", "Nothing is written"), ("We do TODO things.", "TODO"),
    ("Ask [insert name] first.", "[insert name]"),
    ("Named <name of the service>.", "<name of the service>"), ("TBC", "TBC"), ("Lorem ipsum dolor", "Lorem ipsum"),
    ("A todolist is kept, and [a link](https://example.org).", ""), ("2 < 3 and 5 > 4.", ""), ("Complete.", ""),
])  # fmt: skip
def test_nothing_written_and_placeholders_are_lacks(text, found):
    said = " ".join(lack.text for lack in lacks_of(text))
    assert found in said if found else said == ""


def test_what_the_registers_give_and_what_they_lack(acme, mei, programme):
    """One case of each rule, raised; below, gone once put right."""
    with scope(acme):
        assert "No service is registered" in lacks(programme, "DC1")
        service = Service.objects.create(ref="SVC-001", name="Payments")
        assert "SVC-001 Payments does not say what it does" in lacks(programme, "DC1")
        Service.objects.filter(pk=service.pk).update(description="Moves money.")
        assert "SVC-001" not in lacks(programme, "DC1")

        promise = Commitment.objects.create(ref="COM-001", kind="commitment", promise="uptime", text="99.9%", source="MSA 4")
        assert "System requirements: none" in lacks(programme, "DC2")
        assert "COM-001 is linked to no criterion" in lacks(programme, "DC2")
        assert "calls for the category Availability (A1)" in lacks(programme, "DC2")
        Commitment.objects.filter(pk=promise.pk).update(promise="other")
        assert "calls for the category" not in lacks(programme, "DC2")

        system = make_system(mei.actor, "Ledger database")
        assert "No owner is named for SYS-001 Ledger database" in lacks(programme, "DC3")
        assert "Nobody has decided whether SYS-001 Ledger database is in scope" in lacks(programme, "DC3")
        type(system).objects.filter(pk=system.pk).update(owner=mei.membership, decision="in", data_classes=["customer"])
        assert "SYS-001" not in lacks(programme, "DC3")
        assert "holds" not in lacks(programme, "DC3")


def test_incidents_and_changes_of_the_period_are_decided_and_told_in_full(acme, mei, programme):
    with scope(acme):
        incident = record_incident(actor=mei.actor, title="Outage", nature="N", started_on=date(2026, 5, 1), broke_commitments=True)
        outside = record_change(actor=mei.actor, kind="people", title="Before", happened_on=date(2025, 12, 31))
        change = record_change(actor=mei.actor, kind="people", title="New team", happened_on=date(2026, 12, 31))
        assert "whether INC-001 Outage is told" in lacks(programme, "DC4")
        assert "whether CHG-002 New team is told" in lacks(programme, "DC9")
        assert outside.ref not in lacks(programme, "DC9")
        decide_disclosure(actor=mei.actor, entry=incident, disclosure="keep_out", reason="Small.")
        assert "INC-001 broke a commitment, and is not told" in lacks(programme, "DC4")
        decide_disclosure(actor=mei.actor, entry=incident, disclosure="disclose", reason="It must be.")
        assert "INC-001 does not say its extent and its disposition" in lacks(programme, "DC4")
        type(incident).objects.filter(pk=incident.pk).update(extent="All.", disposition="Mended.")
        decide_disclosure(actor=mei.actor, entry=change, disclosure="disclose", reason="Readers ask.")
        assert lacks(programme, "DC4") == lacks(programme, "DC9") == "Nothing is written."
        told = [row for s in present_sections(description_for(programme)) for t in s.tables for row in t.rows]
        assert any(row[0] == "INC-001" and row[3] == "All." for row in told)
        assert any(row[0] == "CHG-002" for row in told)


def test_subservices_need_a_method_and_what_is_expected_of_them(acme, mei, programme):
    with scope(acme):
        system = make_system(mei.actor, "Cloudhost", kind="third_party")
        party = Party.objects.create(system=system, role="subservice", purpose="Hosts.")
        assert "Cloudhost has no method" in lacks(programme, "DC7")
        Party.objects.filter(pk=party.pk).update(method="carve_out")
        assert "Cloudhost is carved out, and no control is expected of it" in lacks(programme, "DC7")
        ExpectedControl.objects.create(party=party, text="Guards its halls.")
        assert "bears on no criterion" in lacks(programme, "DC7")
        Party.objects.filter(pk=party.pk).update(method="inclusive")
        assert lacks(programme, "DC7") == "Nothing is written."
        OwnUserEntityControl.objects.create(ref="CUEC-001", text="Keep passwords.")
        assert "CUEC-001 is linked to no criterion" in lacks(programme, "DC6")


def test_controls_give_dc_5_and_a_criterion_without_one_is_a_lack(acme, mei, programme):
    with scope(acme):
        criterion = requirements_offered(programme).get(ref="CC6.1")
        assert "CC1.1" in lacks(programme, "DC5")
        control = Control.objects.create(ref="AC-01", title="Access is granted", statement="S", implementation="planned")
        Mapping.objects.create(control=control, requirement=criterion)
        rows = [t for s in present_sections(description_for(programme)) for t in s.tables if "controls that meet" in t.caption][0].rows
        assert dict(rows)["CC6.1"] == "–"
        Control.objects.update(implementation="implemented")
        rows = [t for s in present_sections(description_for(programme)) for t in s.tables if "controls that meet" in t.caption][0].rows
        assert dict(rows)["CC6.1"] == "AC-01 Access is granted"


def test_a_category_whose_every_criterion_is_left_out_is_a_lack(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor, categories=["availability"])
        for requirement in requirements_offered(programme).filter(category="availability"):
            mark_not_relevant(actor=mei.actor, programme=programme, requirement=requirement, reason="No such thing.")
            programme.refresh_from_db()
        said = lacks(programme, "DC8")
        assert "Every criterion of A1 is left out" in said or "Every criterion of A is left out" in said


def test_a_version_never_changes_and_says_what_changed_after_it(acme, mei, programme, url):
    write(acme, mei, programme, "DC1", "One.\nTwo.")
    assert mei.client.post(f"{url}keep/", {"note": "First"}).status_code == 302
    assert mei.client.post(f"{url}keep/").status_code == 422  # nothing has changed
    write(acme, mei, programme, "DC1", "One.\nThree.", 1)
    with scope(acme):
        version = Version.objects.get()
        found = between(version, present_sections(description_for(programme)))
        assert [(d.criterion.key, [(line.sign, line.text) for line in d.lines]) for d in found] == [
            ("DC1", [(" ", "One."), ("-", "Two."), ("+", "Three.")])
        ]
        with pytest.raises(DatabaseError), transaction.atomic():
            Version.objects.update(note="rewritten")
        with pytest.raises(DatabaseError), transaction.atomic():
            Version.objects.filter(pk=version.pk).delete()
    page = mei.client.get(f"{url}compare/?before=1&after=now").content.decode()
    assert "<del>Two.</del>" in page
    assert "<ins>Three.</ins>" in page
    assert mei.client.get(f"{url}compare/?before=7&after=now").status_code == 422


def _complete(acme, mei, programme):
    """A version that lacks nothing: its lacks are taken out, since a whole company would be needed to have none."""
    with scope(acme):
        description = description_for(programme)
        write_section(actor=mei.actor, description=description, key="DC1", text="Done.", revision=0)
        return Version.objects.create(
            description=description, number=1, kept_by="Mei", authors=[str(mei.membership.pk)],
            sections=[{"key": "DC1", "title": "T", "text": "Done.", "tables": [], "lacks": []}],
        )


def test_whoever_wrote_it_does_not_approve_it(acme, mei, femi, jonas, programme, url):
    version = _complete(acme, mei, programme)
    assert mei.client.post(f"{url}versions/1/approve/").status_code == 403
    assert jonas.client.post(f"{url}versions/1/approve/").status_code == 403
    with scope(acme):
        with pytest.raises(ValidationError, match="You wrote in it"):
            approve_version(actor=mei.actor, version=version, approver=mei.membership)
        assert [i.kind for i in items_for(femi.membership) if i.kind == "description"] == ["description"]
    assert "Approve version 1" in femi.client.get(f"{url}versions/1/").content.decode()
    assert femi.client.post(f"{url}versions/1/approve/").status_code == 302
    with scope(acme):
        version.refresh_from_db()
        assert version.approval.approved_by_label == "Femi Adeyemi"
        assert not [i for i in items_for(femi.membership) if i.kind == "description"]
        assert Entry.objects.filter(action="descriptions.version.approved").count() == 1
    write(acme, mei, programme, "DC1", "Done otherwise.", 1)
    page = mei.client.get(url).content.decode()
    assert "Changed since version 1 was approved" in page
    assert "<ins>Done otherwise.</ins>" in page


def test_a_version_that_lacks_something_or_was_replaced_is_not_approved(acme, mei, femi, programme):
    write(acme, mei, programme, "DC1", "Done.")
    with scope(acme):
        description = description_for(programme)
        first = keep_version(actor=mei.actor, description=description)
        with pytest.raises(ValidationError, match="lacks something"):
            approve_version(actor=femi.actor, version=first, approver=femi.membership)
    write(acme, mei, programme, "DC1", "Done, and more.", 1)
    with scope(acme):
        keep_version(actor=mei.actor, description=description)
        with pytest.raises(ValidationError, match="newer version"):
            approve_version(actor=femi.actor, version=first, approver=femi.membership)
