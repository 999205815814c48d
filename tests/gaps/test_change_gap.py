"""What people decide about a gap: owner, day, beginning, another severity; each with who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from gaps.models import Gap
from gaps.services.change import WrongStateError, assign_gap, override_severity, set_due_date, start_gap
from tests.factories.gaps import make_gap

DAY = timedelta(days=1)


@pytest.fixture
def gap(room, jonas):
    return make_gap("GAP-007", owner=jonas.membership)


def last(gap: Gap) -> Entry:
    return Entry.objects.filter(target_id=gap.pk).order_by("-id")[0]


def test_naming_an_owner_leaves_a_trail(gap, mei, priya):
    assert assign_gap(actor=mei.actor, gap=gap, owner=priya.membership).owner == priya.membership
    entry = last(gap)
    assert (entry.action, entry.actor_label) == ("gaps.gap.assigned", "Mei-Ling Chu")
    assert (entry.before, entry.after) == ({"owner": "Jonas Lindqvist"}, {"owner": "Priya Raghunathan"})


def test_an_owner_must_be_present_and_able_to_work_on_gaps(gap, mei, noor, priya, stranger):
    priya.membership.ended_at = gap.opened_at
    for nobody in (noor, priya, stranger):
        with pytest.raises(ValidationError):
            assign_gap(actor=mei.actor, gap=gap, owner=nobody.membership)


def test_a_day_that_has_passed_cannot_be_promised(gap, mei):
    with pytest.raises(ValidationError, match="has passed"):
        set_due_date(actor=mei.actor, gap=gap, due_date=today("Europe/Lisbon") - DAY)


def test_without_a_day_it_is_the_usual_one_for_its_severity(gap, mei):
    assert set_due_date(actor=mei.actor, gap=gap, due_date=today("Europe/Lisbon") + DAY).due_set_by_hand
    changed = set_due_date(actor=mei.actor, gap=gap, due_date=None)
    assert (changed.due_date, changed.due_set_by_hand) == (gap.opened_at.date() + 30 * DAY, False)


def test_work_begins_once_and_needs_somebody_who_does_it(gap, jonas, mei):
    assert start_gap(actor=jonas.actor, gap=gap).state == "in_progress"
    with pytest.raises(WrongStateError):
        start_gap(actor=jonas.actor, gap=gap)
    with pytest.raises(ValidationError, match="Name who"):
        start_gap(actor=mei.actor, gap=make_gap())


def test_an_override_needs_a_reason_keeps_the_computed_severity_and_moves_the_rank(gap, mei):
    graver = make_gap("GAP-008", severity="critical")
    with pytest.raises(ValidationError, match="Say why"):
        override_severity(actor=mei.actor, gap=gap, severity="critical", reason=" ")
    override_severity(actor=mei.actor, gap=graver, severity="minor", reason="The system was switched off.")
    gap.refresh_from_db()
    graver.refresh_from_db()
    assert (graver.severity, graver.effective_severity, graver.rank, gap.rank) == ("critical", "minor", 2, 1)
    assert last(graver).after["override_reason"] == "The system was switched off."
    override_severity(actor=mei.actor, gap=graver, severity="")
    graver.refresh_from_db()
    assert (graver.effective_severity, graver.override_reason, graver.rank) == ("critical", "", 1)


def test_an_override_that_changes_nothing_is_refused(gap, mei):
    with pytest.raises(ValidationError, match="change nothing"):
        override_severity(actor=mei.actor, gap=gap, severity="significant", reason="Because.")


def test_a_closed_gap_is_left_as_it_is(room, mei, jonas):
    gap = make_gap(state="closed", closing_note="The check passes.")
    with pytest.raises(WrongStateError, match="The check passes"):
        assign_gap(actor=mei.actor, gap=gap, owner=jonas.membership)


def url(gap: Gap, verb: str) -> str:
    return f"/o/acme/gaps/{gap.pk}/{verb}/"


def furnished(acme, owner=None, **fields):
    with scope(acme):
        return make_gap(owner=owner.membership if owner else None, **fields)


def test_its_owner_may_begin_it_and_say_when_and_nothing_else(acme, jonas):
    gap = furnished(acme, jonas)
    assert jonas.client.post(url(gap, "start")).status_code == 302
    assert jonas.client.post(url(gap, "due"), {"due_date": "2099-01-01"}).status_code == 302
    assert jonas.client.post(url(gap, "assign"), {"owner": jonas.membership.pk}).status_code == 403
    assert jonas.client.post(url(gap, "override"), {"severity": "minor", "reason": "x"}).status_code == 403


def test_another_owner_may_read_it_and_is_refused_the_rest(acme, jonas, priya):
    gap = furnished(acme, jonas)
    assert b"puts it right" in priya.client.get(f"/o/acme/gaps/{gap.pk}/").content
    assert priya.client.post(url(gap, "start")).status_code == 403
    assert priya.client.post(url(gap, "due"), {"due_date": "2099-01-01"}).status_code == 403


def test_a_refused_form_keeps_what_was_typed_beside_what_is_wrong(acme, mei, jonas):
    gap = furnished(acme, jonas)
    answer = mei.client.post(url(gap, "override"), {"severity": "critical", "reason": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say why the computed severity is wrong" in page
    assert '<option value="critical" selected>' in page
    assert mei.client.post(url(gap, "due"), {"due_date": "31/11/2026"}).status_code == 422
    assert mei.client.post(url(gap, "assign"), {}).status_code == 422


def test_deciding_about_a_gap_that_closed_meanwhile_says_so(acme, mei, jonas):
    gap = furnished(acme, jonas, state="closed", closing_note="The check passes.")
    answer = mei.client.post(url(gap, "start"))
    assert answer.status_code == 409
    assert b"moved on meanwhile" in answer.content


def test_another_organisation_and_an_employee_get_nothing(acme, jonas, noor, stranger):
    gap = furnished(acme, jonas)
    assert noor.client.get(f"/o/acme/gaps/{gap.pk}/").status_code == 403
    assert stranger.client.get(f"/o/acme/gaps/{gap.pk}/").status_code == 404
    assert stranger.client.get(f"/o/borealis/gaps/{gap.pk}/").status_code == 404
