"""Pages of third parties: a list with filters, a party as a paper, forms that lose nothing that was typed."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.frameworks.models import Framework
from compliance.parties.models import ExpectedControl, OwnUserEntityControl, Party, PartyReport, UserEntityControl
from compliance.parties.reading import cuec_rows
from compliance.programmes.models import Programme
from compliance.registers.services import add_system
from compliance.tenancy.ids import NIL
from compliance.tenancy.rooms import scope
from controls.complements.models import Complement
from controls.models import Control
from evidence.assurance.models import PartyPaper
from evidence.models import Version
from tests.parties.conftest import day

HOME = "/o/acme/scope/parties/"
ROLE = {"name": "Post office", "role": "vendor", "method": "", "services_used": "Letters\nParcels\n\nLetters", "regions": ""}


@pytest.fixture
def programme(acme):
    with scope(acme):
        framework = Framework.objects.get(organization_id=NIL, key="soc2-tsc-2017")
        return Programme.objects.create(
            name="SOC 2 of the year", kind="soc2_type_2", framework=framework, period_start=day(-100), period_end=day(80)
        )


def text(person, url: str) -> str:
    answer = person.client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_third_party_enters_the_register_with_its_role(acme, mei):
    assert mei.client.post(f"{HOME}add/", ROLE).status_code == 302
    with scope(acme):
        party = Party.objects.select_related("system").get()
        assert (party.system.kind, party.system.name, party.role) == ("third_party", "Post office", "vendor")
        assert party.services_used == ["Letters", "Parcels"]


def test_one_of_the_register_is_offered_once(acme, mei):
    with scope(acme):
        system = add_system(actor=mei.actor, kind="third_party", name="Bakery")
    assert "Bakery" in text(mei, f"{HOME}add/")
    assert mei.client.post(f"{HOME}add/", ROLE | {"system": str(system.pk), "name": ""}).status_code == 302
    assert "Bakery" not in text(mei, f"{HOME}add/")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "name a new one"),
        ({"method": "carve_out"}, "Only a subservice organisation has a method"),
        ({"review_months": "3"}, "A cadence needs both"),
        ({"first_review_due": "2026-12-01"}, "A cadence needs both"),
        ({"role": ""}, "This field is required"),
    ],
)
def test_what_does_not_hold_together_comes_back_as_it_was_typed(acme, mei, wrong, words):
    answer = mei.client.post(f"{HOME}add/", ROLE | {"purpose": "Carries what we send."} | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Carries what we send." in page
    with scope(acme):
        assert not Party.objects.exists()


def test_the_list_is_narrowed_by_role_method_and_words(acme, mei, cumulus):
    mei.client.post(f"{HOME}add/", ROLE)
    assert "Post office" in text(mei, HOME)
    assert "Cumulus" in text(mei, HOME)
    assert "Post office" not in text(mei, f"{HOME}?role=subservice")
    assert "Cumulus" not in text(mei, f"{HOME}?q=post")
    assert "Nothing matches" in text(mei, f"{HOME}?method=inclusive")


def test_a_party_shows_what_covers_the_period_and_what_does_not(mei, programme, cumulus, report):
    page = text(mei, f"{HOME}{cumulus.pk}/")
    assert "70 of 101" in page  # of days -100 to 0 the last 31 are uncovered
    assert "PTY-01" in page
    assert "Deep Storage" in page
    assert "Guards its doors." in page
    assert "CC6.4" in page
    assert "71 days" not in page
    assert "31 days of the period so far" in page
    assert "SOC 2 of the year" in page


def test_without_a_programme_no_strip_is_drawn(mei, cumulus, report):
    assert "The period covered" not in text(mei, f"{HOME}{cumulus.pk}/")


def test_a_report_is_entered_and_stands_on_its_page(acme, mei, cumulus):
    sent = {
        "kind": "soc2_type_1", "issuer": "Lowe LLP", "ends_on": "2026-05-31", "services": "Compute\nStorage",
        "opinion": "unmodified", "nested": "Deep Storage",
    }  # fmt: skip
    assert mei.client.post(f"{HOME}{cumulus.pk}/reports/add/", sent).status_code == 302
    with scope(acme):
        report = PartyReport.objects.get()
    page = text(mei, f"{HOME}reports/{report.pk}/")
    assert "shows no day of operation" in page
    assert "Nobody has said" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "soc2_type_2"}, "A Type II speaks of a period"),
        ({"starts_on": "2026-01-01"}, "A Type I speaks of one day"),
        ({"opinion": "none"}, "gives an opinion"),
        ({"issued_on": "2026-05-01"}, "issued after what it speaks of"),
    ],
)
def test_a_report_has_to_hold_together(mei, cumulus, wrong, words):
    sent = {"kind": "soc2_type_1", "issuer": "Lowe LLP", "ends_on": "2026-05-31", "opinion": "unmodified"} | wrong
    answer = mei.client.post(f"{HOME}{cumulus.pk}/reports/add/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_letter_carries_on_a_report_of_the_same_party(acme, mei, cumulus, report):
    sent = {
        "report": str(report.pk), "starts_on": day(-30).isoformat(), "ends_on": day(-1).isoformat(), "services": "Compute",
        "signed_by": "Chief", "signed_on": day(-1).isoformat(), "incidents": "silent",
    }  # fmt: skip
    assert mei.client.post(f"{HOME}{cumulus.pk}/letters/add/", sent).status_code == 302
    assert "PTY-16" in text(mei, f"{HOME}{cumulus.pk}/")
    backwards = sent | {"ends_on": (day(-30) - timedelta(days=1)).isoformat()}
    answer = mei.client.post(f"{HOME}{cumulus.pk}/letters/add/", backwards)
    assert answer.status_code == 422
    assert "ends before it starts" in answer.content.decode()


def test_lines_are_read_with_their_numbers():
    pasted = "1. Leavers are removed.\n\nCUEC-2) Keys are kept.\n3.1\tLogs are read.\nAccess is reviewed.\n24 hours is the limit."
    assert cuec_rows(pasted) == [
        ("1", "Leavers are removed."), ("CUEC-2", "Keys are kept."), ("3.1", "Logs are read."), ("", "Access is reviewed."),
        ("", "24 hours is the limit."),
    ]  # fmt: skip


def test_expectations_are_mapped_in_one_go_or_not_at_all(acme, mei, cumulus, report):
    with scope(acme):
        Control.objects.create(ref="AC-01", title="Access", statement="Kept.")
        first, second = UserEntityControl.objects.order_by("id")
    url = f"{HOME}{cumulus.pk}/expects/map/"
    sent = {f"controls_{first.pk}": "ac-01", f"reason_{second.pk}": "We hold none."}
    answer = mei.client.post(url, sent | {f"controls_{second.pk}": "AC-99"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "No control has the reference AC-99" in page
    assert "We hold none." in page
    with scope(acme):
        assert not Complement.objects.exists()
    assert mei.client.post(url, sent).status_code == 302
    shown = text(mei, f"{HOME}{cumulus.pk}/expects/")
    assert "AC-01" in shown
    assert "We hold none." in shown
    assert mei.client.post(url, {}).status_code == 302
    with scope(acme):
        assert not Complement.objects.exists()
        assert not UserEntityControl.objects.exclude(not_applicable="").exists()


def test_the_file_of_a_report_becomes_evidence_of_its_days(acme, mei, cumulus, report):
    url = f"{HOME}reports/{report.pk}/file/"
    for content in (b"# The report\n", b"# The report, signed\n"):
        upload = SimpleUploadedFile("report.md", content, "text/markdown")
        assert mei.client.post(url, {"file": upload}).status_code == 302
    with scope(acme):
        first, second = Version.objects.order_by("number")
        assert first.artefact_id == second.artefact_id
        assert second.number == 2
        zone = ZoneInfo(acme.timezone)
        spans = [moment.astimezone(zone).date() for moment in (first.effective_start, first.effective_end)]
        assert spans == [report.starts_on, report.ends_on]
        assert PartyPaper.objects.filter(report=report).count() == 2
        ref = first.artefact.ref
    assert f"{ref}</a> version 2" in text(mei, f"{HOME}{cumulus.pk}/files/")


def test_what_is_no_evidence_is_refused(acme, mei, cumulus, report):
    upload = SimpleUploadedFile("report.exe", b"MZ\x00\x01", "application/octet-stream")
    assert mei.client.post(f"{HOME}reports/{report.pk}/file/", {"file": upload}).status_code == 422
    with scope(acme):
        assert not Version.objects.exists()


def test_an_expected_control_names_criteria_that_are_there(acme, mei, cumulus):
    url = f"{HOME}{cumulus.pk}/expect/"
    answer = mei.client.post(url, {"text": "Wipes its disks.", "requirements": "CC6.5, CC99.9"})
    assert answer.status_code == 422
    assert "Nothing has the reference CC99.9" in answer.content.decode()
    assert mei.client.post(url, {"text": "Wipes its disks.", "requirements": "cc6.5; CC6.4"}).status_code == 302
    with scope(acme):
        found = ExpectedControl.objects.order_by("-id")[0]
        assert [each.requirement.ref for each in found.bears_on.order_by("id")] == ["CC6.5", "CC6.4"]
    assert mei.client.post(f"{HOME}expected/{found.pk}/drop/").status_code == 302
    with scope(acme):
        assert not ExpectedControl.objects.filter(pk=found.pk).exists()


def test_what_we_expect_of_customers_is_entered_and_withdrawn_but_stays(acme, mei):
    assert mei.client.post(f"{HOME}own-controls/add/", {"text": "Keep keys.", "requirements": "CC6.1"}).status_code == 302
    with scope(acme):
        own = OwnUserEntityControl.objects.get()
    assert mei.client.post(f"{HOME}own-controls/{own.pk}/withdraw/").status_code == 302
    page = text(mei, f"{HOME}own-controls/")
    assert own.ref in page
    assert "Withdrawn" in page


def test_a_control_owner_reads_and_changes_nothing(jonas, cumulus, report):
    assert "Enter a report" not in text(jonas, f"{HOME}{cumulus.pk}/")
    assert jonas.client.get(f"{HOME}{cumulus.pk}/change/").status_code == 403
