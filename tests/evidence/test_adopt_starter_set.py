"""Adopting the starter set in steps: which controls, whose, since when, and one press that makes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import AdoptionDraft, Control, ControlVersion
from evidence.adoption.offer import offer, reached_by, starter_set
from evidence.adoption.plan import Plan
from evidence.models import EvidenceRequirement

pytestmark = pytest.mark.django_db
CHOOSE, OWNERS, DATES, LOOK, DISCARD = (
    reverse(f"evidence:{name}", args=["acme"]) for name in ("adopt", "adopt_owners", "adopt_dates", "adopt_look", "adopt_discard")
)
ALL = [control.ref for control in starter_set().controls]
ACCESS = [ref for ref in ALL if ref.startswith("AC-")]
FOR_ALL = {"all_start": "2026-02-01", "all_state": "implemented"}


def fields_of(client):
    """The name of the field for each role."""
    form = client.get(OWNERS).context["form"]
    return {bound.label: bound.html_name for bound in form.role_fields}


def choose(client, refs, go="owners"):
    return client.post(CHOOSE, {"refs": refs, "go": go})


def press(client, url, **sent):
    answer = client.post(url, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


def test_four_steps_make_controls_with_owners_days_and_what_they_must_show(acme, mei, jonas, priya):
    assert choose(mei.client, ACCESS).headers["Location"] == OWNERS
    roles = fields_of(mei.client)
    press(mei.client, OWNERS, **{roles["Security lead"]: jonas.membership.pk}, person=priya.membership.pk, ticks="AC-01", go="give")
    press(mei.client, OWNERS, **{roles["Security lead"]: jonas.membership.pk}, go="dates")
    press(mei.client, DATES, **FOR_ALL, start="2026-05-01", state="planned", ticks="AC-02", go="give")
    press(mei.client, DATES, **FOR_ALL, go="look")
    look = mei.client.get(LOOK).content.decode()
    assert "Adopt" in look
    assert "Priya Raghunathan" in look
    answer = mei.client.post(LOOK, {"go": "adopt"})
    assert answer.headers["Location"] == reverse("controls:remaining", args=["acme"])
    with scope(acme):
        first, second = Control.objects.get(ref="AC-01"), Control.objects.get(ref="AC-02")
        assert (first.owner_id, str(first.starts_on), first.implementation) == (priya.membership.pk, "2026-02-01", "implemented")
        assert (str(second.starts_on), second.implementation) == ("2026-05-01", "planned")
        held = Control.objects.filter(owner_role="Security lead").exclude(ref="AC-01")
        assert {each.owner_id for each in held} == {jonas.membership.pk}
        assert EvidenceRequirement.objects.filter(control=first).count() == 3
        assert Control.objects.count() == len(ACCESS)
        told = Entry.objects.filter(action="controls.control.adopted", actor_label="Mei-Ling Chu")
        assert told.count() == ControlVersion.objects.count() == len(ACCESS)
        assert told.get(target_id=first.pk).after["owner"] == "Priya Raghunathan"
        assert not AdoptionDraft.objects.exists()


@pytest.mark.parametrize(("url", "sent"), [(OWNERS, {}), (DATES, FOR_ALL)])
def test_every_button_of_a_step_saves_it(acme, mei, url, sent):
    choose(mei.client, ACCESS)
    for go in ("choose", "owners", "dates", "look", "sort:role", "sort:ref", "whatever"):
        assert mei.client.post(url, {**sent, "go": go}).status_code == 302
    with scope(acme):
        assert set(AdoptionDraft.objects.get().choices["refs"]) == set(ACCESS)


def test_going_back_loses_nothing(acme, mei, jonas):
    choose(mei.client, ACCESS)
    lead = fields_of(mei.client)["Security lead"]
    press(mei.client, OWNERS, **{lead: jonas.membership.pk}, go="choose")
    press(mei.client, DATES, **FOR_ALL, start_AC="2026-03-01", go="owners")
    assert mei.client.get(OWNERS).context["form"][lead].value() == str(jonas.membership.pk)
    form = mei.client.get(DATES).context["form"]
    assert (form["all_start"].value(), form["start_AC"].value()) == ("2026-02-01", "2026-03-01")
    assert mei.client.get(CHOOSE).context["desk"].plan.refs == set(ACCESS)


def test_a_day_that_cannot_be_read_is_refused_with_what_was_written(acme, mei):
    choose(mei.client, ACCESS)
    answer = mei.client.post(DATES, {"all_start": "soon", "all_state": "planned", "start_AC": "0001-01-01", "go": "look"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"all_start", "start_AC"}
    assert answer.context["form"]["all_start"].value() == "soon"


def test_a_family_is_ticked_and_unticked_with_one_press(acme, mei):
    mei.client.post(CHOOSE, {"refs": ACCESS, "go": "CR:all"})
    with scope(acme):
        chosen = set(AdoptionDraft.objects.get().choices["refs"])
    assert chosen == {ref for ref in ALL if ref[:2] in {"AC", "CR"}}
    mei.client.post(CHOOSE, {"refs": sorted(chosen), "go": "AC:none"})
    assert {ref[:2] for ref in mei.client.get(CHOOSE).context["desk"].plan.refs} == {"CR"}


def test_what_is_ticked_can_go_back_to_its_role_and_family(acme, mei, jonas, priya):
    choose(mei.client, ACCESS)
    lead = fields_of(mei.client)["Security lead"]
    role = {lead: jonas.membership.pk}
    press(mei.client, OWNERS, **role, person="nobody", ticks="AC-01", go="give")
    assert next(row for row in mei.client.get(OWNERS).context["rows"] if row["control"].ref == "AC-01")["owner"] is None
    press(mei.client, OWNERS, **role, ticks="AC-01", go="forget")
    assert next(row for row in mei.client.get(OWNERS).context["rows"] if row["control"].ref == "AC-01")["owner"] == jonas.membership
    press(mei.client, DATES, **FOR_ALL, state="partly", ticks="AC-01", go="give")
    press(mei.client, DATES, **FOR_ALL, ticks="AC-01", go="forget")
    assert mei.client.get(DATES).context["rows"][0]["state"] == "implemented"


@pytest.mark.parametrize(
    ("url", "sent", "wrong"),
    [
        (OWNERS, {"go": "give", "ticks": "AC-01"}, "person"),
        (OWNERS, {"go": "give"}, "__all__"),
        (DATES, {**FOR_ALL, "go": "give", "ticks": "AC-01"}, "start"),
        (DATES, {**FOR_ALL, "go": "forget", "ticks": "ZZ-01"}, "__all__"),
        (DATES, {}, "all_state"),
        (CHOOSE, {"refs": ["ZZ-01"]}, "refs"),
        (CHOOSE, {}, "refs"),
    ],
)
def test_what_is_not_said_is_asked_for_beside_its_field(acme, mei, url, sent, wrong):
    answer = mei.client.post(url, sent)
    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors


def test_adopting_again_offers_what_is_left_and_touches_nothing(acme, mei):
    choose(mei.client, ACCESS)
    mei.client.post(LOOK, {"go": "adopt"})
    with scope(acme):
        Control.objects.filter(ref="AC-01").update(title="Ours")
    assert mei.client.get(CHOOSE).context["left"] == len(ALL) - len(ACCESS)
    choose(mei.client, [ref for ref in ALL if ref not in ACCESS])
    mei.client.post(LOOK, {"go": "adopt"})
    with scope(acme):
        assert Control.objects.count() == len(ALL)
        assert Control.objects.get(ref="AC-01").title == "Ours"
    for url in (CHOOSE, OWNERS, DATES, LOOK):
        assert b"You have all of it" in mei.client.get(url).content


def test_what_was_chosen_can_be_thrown_away(acme, mei):
    choose(mei.client, ACCESS)
    assert mei.client.post(DISCARD).headers["Location"] == CHOOSE
    assert mei.client.get(CHOOSE).context["desk"].plan.refs == set(ALL)


def test_a_colleague_finds_what_was_chosen_and_by_whom(acme, mei, ada):
    choose(mei.client, ACCESS)
    with scope(acme):
        ada.membership.role = "compliance_manager"
        ada.membership.save()
    assert "Mei-Ling Chu" in ada.client.get(OWNERS).content.decode()


def test_somebody_who_has_left_meanwhile_is_nobody(acme, mei, jonas):
    choose(mei.client, ACCESS)
    press(mei.client, OWNERS, **{fields_of(mei.client)["Security lead"]: jonas.membership.pk}, go="look")
    with scope(acme):
        jonas.membership.ended_at = now()
        jonas.membership.save()
    mei.client.post(LOOK, {"go": "adopt"})
    with scope(acme):
        assert not Control.objects.filter(owner__isnull=False).exists()


def test_adopting_takes_as_many_queries_for_ninety_as_for_ten(acme, mei):
    def cost(refs):
        choose(mei.client, refs)
        with CaptureQueriesContext(connection) as found:
            assert mei.client.post(LOOK, {"go": "adopt"}).status_code == 302
        return len(found)

    few = cost(ACCESS)
    assert cost([ref for ref in ALL if ref not in ACCESS]) <= few + 4


@pytest.mark.parametrize("who", ["jonas", "ada", "femi", "noor"])
@pytest.mark.parametrize("url", [CHOOSE, OWNERS, DATES, LOOK, DISCARD])
def test_a_role_without_the_right_is_refused(acme, request, who, url):
    client = request.getfixturevalue(who).client
    assert client.post(url, {"refs": ACCESS, "go": "adopt"}).status_code == 403
    assert client.get(url).status_code in {403, 405}


def test_another_organisation_is_not_reached(acme, stranger):
    assert stranger.client.post(LOOK, {"go": "adopt"}).status_code == 404
    with scope(acme):
        assert not Control.objects.exists()


def test_nobody_of_another_organisation_can_be_named(acme, mei, stranger):
    choose(mei.client, ACCESS)
    lead = fields_of(mei.client)["Security lead"]
    assert mei.client.post(OWNERS, {lead: stranger.membership.pk}).status_code == 422
    assert mei.client.post(OWNERS, {"person": stranger.membership.pk, "ticks": "AC-01", "go": "give"}).status_code == 422


def test_the_whole_set_reaches_every_category_and_theme(room):
    reached = reached_by(starter_set().controls)
    assert [(each.name, each.of) for each in reached[:5]] == [
        ("Security", 33), ("Availability", 3), ("Confidentiality", 2), ("Processing integrity", 5), ("Privacy", 18),
    ]  # fmt: skip
    assert sum(each.of for each in reached if each.framework == "ISO 27001" and each.name != "Clauses") == 93
    assert all(each.reached == each.of for each in reached)
    assert sum(len(family.controls) for family in offer()) == len(ALL)


def test_the_nearest_day_holds():
    plan = Plan.read({}, ALL)
    plan.starts = {"all": "2026-01-01", "AC": "2026-02-01"}
    assert plan.starts_on("CR-01") == date(2026, 1, 1)
    assert plan.starts_on("AC-01") == date(2026, 2, 1)
    plan.set_for(["AC-01"], start=date(2026, 2, 1) + timedelta(days=1))
    assert plan.starts_on("AC-01") == date(2026, 2, 2)
    again = Plan.read(plan.as_choices(), ["AC-01"])
    assert (again.refs, again.starts) == ({"AC-01"}, plan.starts)
