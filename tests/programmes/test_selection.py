"""Why this report: who asked, a reason, and the approval of somebody else; and what the report will say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.programmes.claims import claim_of
from compliance.programmes.models import Demand, Selection
from compliance.programmes.selectors import terms_of
from compliance.programmes.services import approve_selection, change_programme, cover_services, write_selection
from compliance.registers.models import Service
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import framework, make_programme

REASON = "Three banks ask for a Type II; a Type I would have satisfied none of them."


@pytest.fixture
def programme(acme, mei):
    with scope(acme):
        return make_programme(mei.actor)


def page(person, programme) -> str:
    return person.client.get(f"/o/acme/programmes/{programme.pk}/selection/").content.decode()


def write(person, programme, reason=REASON):
    return person.client.post(f"/o/acme/programmes/{programme.pk}/selection/write/", {"reason": reason})


def approve(person, programme):
    return person.client.post(f"/o/acme/programmes/{programme.pk}/selection/approve/")


def test_a_manager_writes_it_and_an_approver_approves_it(acme, mei, femi, programme):
    assert write(mei, programme).status_code == 302
    assert "Waits for approval" in page(femi, programme)
    assert approve(femi, programme).status_code == 302
    shown = page(mei, programme)
    assert REASON in shown
    assert f"Approved by {femi.membership.name}" in shown
    with scope(acme):
        assert Entry.objects.filter(action="programmes.selection.approved", actor_label=femi.actor.label).count() == 1


def test_its_author_cannot_approve_it(acme, femi, programme):
    with scope(acme):
        record = write_selection(actor=femi.actor, programme=programme, reason=REASON, author=femi.membership)
        with pytest.raises(ValidationError, match="somebody else"):
            approve_selection(actor=femi.actor, selection=record, approver=femi.membership)
    assert "somebody else has to approve it" in page(femi, programme)
    approve(femi, programme)
    with scope(acme):
        assert Selection.objects.get().approved_at is None


@pytest.mark.parametrize("who", ["ada", "jonas"])
def test_who_does_not_approve_is_refused(acme, mei, programme, who, request):
    write(mei, programme)
    assert approve(request.getfixturevalue(who), programme).status_code == 403


def test_another_reason_takes_the_approval_back(acme, mei, femi, programme):
    write(mei, programme)
    approve(femi, programme)
    write(mei, programme, "Another reason.")
    with scope(acme):
        record = Selection.objects.get()
        assert (record.approved_at, record.approved_by) == (None, "")


def test_other_services_make_an_approval_stale(acme, mei, femi, programme):
    write(mei, programme)
    approve(femi, programme)
    with scope(acme):
        service = Service.objects.create(ref="SVC-01", name="Payments")
        cover_services(actor=mei.actor, programme=programme, services=[service])
        selection = Selection.objects.get()
        assert selection.approved_for != terms_of(programme)


def test_other_dates_make_an_approval_stale_until_it_is_given_again(acme, mei, femi, programme):
    write(mei, programme)
    approve(femi, programme)
    with scope(acme):
        change_programme(actor=mei.actor, programme=programme, period_end=date(2026, 11, 30))
    assert "has to be approved again" in page(femi, programme)
    approve(femi, programme)
    assert "has to be approved again" not in page(femi, programme)


def test_it_needs_a_reason(acme, mei, programme):
    assert write(mei, programme, "  ").status_code == 422
    with scope(acme), pytest.raises(ValidationError):
        write_selection(actor=mei.actor, programme=programme, reason=" ", author=mei.membership)


def test_a_closed_programme_stays_as_it_is(acme, mei, programme):
    mei.client.post(f"/o/acme/programmes/{programme.pk}/close/")
    assert write(mei, programme).status_code == 422


def test_what_was_changed_since_it_was_read_is_not_approved(acme, mei, femi, programme):
    write(mei, programme)
    seen = page(femi, programme).partition('name="seen" value="')[2].partition('"')[0]
    write(mei, programme, "Another reason.")
    url = f"/o/acme/programmes/{programme.pk}/selection/approve/"
    assert "Read them again" in femi.client.post(url, {"seen": seen}, follow=True).content.decode()
    with scope(acme):
        assert Selection.objects.get().approved_at is None
    seen = page(femi, programme).partition('name="seen" value="')[2].partition('"')[0]
    femi.client.post(url, {"seen": seen})
    with scope(acme):
        assert Selection.objects.get().approved_at is not None


def test_a_closed_programme_covers_what_it_covered(acme, mei, programme):
    with scope(acme):
        service = Service.objects.create(ref="SVC-001", name="Payments")
    mei.client.post(f"/o/acme/programmes/{programme.pk}/close/")
    url = f"/o/acme/programmes/{programme.pk}/services/choose/"
    assert mei.client.post(url, {"services": [str(service.pk)]}).status_code == 422


def test_a_covered_service_that_ended_is_not_lost_by_choosing_again(acme, mei, programme):
    with scope(acme):
        service = Service.objects.create(ref="SVC-001", name="Payments", active=False)
        cover_services(actor=mei.actor, programme=programme, services=[service])
    url = f"/o/acme/programmes/{programme.pk}/services/choose/"
    assert "Payments" in mei.client.get(url).content.decode()
    assert mei.client.post(url, {"services": [str(service.pk)]}).status_code == 302


def ask(person, programme, **fields):
    sent = {"asked_by": "First Bank", "deal": "Renewal", "needed_by": "2026-09-30", "report": "SOC 2 Type II", "months": "6"}
    return person.client.post(f"/o/acme/programmes/{programme.pk}/demands/add/", sent | fields)


def test_a_demand_is_held_against_each_report_that_could_be_had(acme, mei, programme):
    assert ask(mei, programme).status_code == 302
    with time_machine.travel(datetime(2026, 1, 5, 12, tzinfo=UTC)):
        shown = page(mei, programme)
    # 5 January plus 49 is 23 February; six months end on 22 August; fieldwork and report take 28: 20 September.
    assert "asks for at least 6 months" in shown
    assert "20 Sep 2026" in shown
    with time_machine.travel(datetime(2026, 2, 5, 12, tzinfo=UTC)):
        late = page(mei, programme)
    # 5 February plus 49 is 26 March, six months end on 25 September, and 28 later is 24 October: 24 days late.
    assert "24 days too late" in late


def test_a_demand_is_changed_and_taken_out(acme, mei, programme):
    ask(mei, programme)
    with scope(acme):
        demand = Demand.objects.get()
    url = f"/o/acme/programmes/{programme.pk}/demands/{demand.pk}"
    changed = {"asked_by": "Second Bank", "report": "Any", "months": "0"}
    assert mei.client.post(f"{url}/change/", changed).status_code == 302
    assert "Second Bank" in page(mei, programme)
    assert mei.client.post(f"{url}/remove/").status_code == 302
    with scope(acme):
        assert not Demand.objects.exists()
        assert Entry.objects.get(action="programmes.demand.removed").before["asked_by"] == "Second Bank"


def test_a_demand_needs_somebody_who_asks(acme, mei, programme):
    assert ask(mei, programme, asked_by="").status_code == 422


def test_the_claim_of_a_type_two_says_what_it_will_and_will_not_say(acme, mei, programme):
    with scope(acme):
        claim = claim_of(programme, [])
    assert "operated from 1 Jan 2026 to 31 Dec 2026" in claim.says[0]
    assert any("after 31 Dec 2026" in each for each in claim.does_not)
    assert any("Availability, Confidentiality, Processing integrity or Privacy" in each for each in claim.does_not)
    assert not any("certified" in each for each in claim.says)


def test_the_claim_of_a_type_one_says_nothing_of_operation(acme, mei):
    with scope(acme):
        one = make_programme(
            mei.actor, kind="soc2_type_1", period_start=None, period_end=None, as_of=date(2026, 6, 30),
            categories=["availability"],
        )  # fmt: skip
        claim = claim_of(one, ["Ledger"])
    assert "on 30 Jun 2026, against the criteria of Security and Availability, for Ledger" in claim.says[0]
    assert claim.does_not[0] == "that any control operated: it looks at one day"


@pytest.mark.parametrize(
    ("kind", "key", "words"),
    [
        ("iso_stage_1", "iso27001", "no certificate is issued"), ("iso_stage_2", "iso27001", "scope statement"),
        ("iso_surveillance", "iso27001", "anything new"), ("iso_recertification", "iso27001", "which controls were tested"),
        ("pci", "pci-dss", "one miss is a miss"), ("nist_csf", "nist-csf", "no NIST certificate"),
        ("iso_27701", "iso27701", "accredited"), ("other", "nist-csf", "anybody outside"),
    ],
)  # fmt: skip
def test_every_kind_has_its_claim(acme, mei, kind, key, words):
    with scope(acme):
        made = make_programme(mei.actor, kind=kind, framework=framework(key), period_start=None, period_end=None)
        assert any(words in each for each in claim_of(made, []).does_not)


def test_the_services_that_it_covers_are_named_in_the_claim(acme, mei, programme):
    with scope(acme):
        ledger = Service.objects.create(ref="SVC-001", name="Ledger")
        Service.objects.create(ref="SVC-002", name="Cards")
    assert "every service in the register" in page(mei, programme)
    url = f"/o/acme/programmes/{programme.pk}/services"
    assert mei.client.post(f"{url}/choose/", {"services": [str(ledger.pk)]}).status_code == 302
    assert "for Ledger" in page(mei, programme)
    shown = mei.client.get(f"{url}/").content.decode()
    assert "Not covered" in shown
    with scope(acme):
        cover_services(actor=mei.actor, programme=programme, services=[])
        told = Entry.objects.filter(action="programmes.services.changed").order_by("-id").first()
    assert (told.before, told.after) == ({"services": ["SVC-001"]}, {"services": "all"})


@pytest.mark.parametrize("what", ["timing", "exits", "selection", "budget", "services"])
def test_another_organisation_sees_nothing(acme, programme, stranger, what):
    assert stranger.client.get(f"/o/borealis/programmes/{programme.pk}/{what}/").status_code == 404


def test_queries_do_not_grow_with_who_asked(acme, mei, programme):
    counts = []
    for number in (2, 9):
        for n in range(number):
            ask(mei, programme, asked_by=f"Bank {number}-{n}")
        page(mei, programme)
        with CaptureQueriesContext(connection) as queries:
            page(mei, programme)
        counts.append(len(queries))
    assert counts[0] == counts[1], "\n".join(query["sql"][:150] for query in queries)
