"""A further framework opens with what the crosswalk proposes, and counts what a person has confirmed."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from compliance.frameworks.models import Crosswalk, Framework, Relation, Requirement
from compliance.programmes.selectors import requirements_in_scope
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.crosswalk.models import Dismissal
from controls.crosswalk.proposals import Stands, shares_of
from controls.crosswalk.selectors import carried_to
from controls.crosswalk.services.deciding import confirm_proposals, dismiss_proposals, key_of, restore_proposal
from controls.models import Control, Mapping
from controls.services.mapping import map_control
from tests.factories.compliance import framework, make_programme


@pytest.fixture()
def iso(room, mei):
    """A programme for the second framework."""
    return make_programme(
        mei.actor, kind="iso_stage_1", name="ISO 27001", framework=framework("iso27001"), period_start=None,
        period_end=None, fieldwork_start=date(2027, 1, 18),
    )  # fmt: skip


def control(mei, ref="AC-01", **fields):
    return Control.objects.create(ref=ref, title=f"Title of {ref}", statement="Done daily.", **fields)


def requirement(key, ref):
    return Requirement.objects.get(framework__key__startswith=key, ref=ref, framework__organization_id="0" * 32)


def relate(source, target, relation):
    Crosswalk.objects.filter(source=source, target=target).delete()
    Crosswalk.objects.filter(source=target, target=source).delete()
    return Crosswalk.objects.create(
        source=source, source_owner_id=source.organization_id, target=target, target_owner_id=target.organization_id,
        relation=relation, confidence="stated", sources=["a test"],
    )  # fmt: skip


def own(key, *refs):
    """An own framework with requirements of these refs."""
    made = Framework.objects.create(key=key, version="1", title=key, short_title=key, written_here=True)
    rows = [
        Requirement.objects.create(
            framework=made, ref=ref, position=n, level="rule", assessable=True, title=ref, text=ref
        )
        for n, ref in enumerate(refs)
    ]
    return made, rows


@pytest.fixture()
def pair(room, mei):
    """Two own frameworks, the second with a programme, and a control that meets all of the first's rows."""
    _, first = own("first", "E", "P", "S", "I")
    second, rows = own("second", "e", "p", "s", "i", "n")
    for source, target, relation in zip(
        first, rows, (Relation.EQUAL, Relation.SUPERSET, Relation.SUBSET, Relation.INTERSECTS), strict=False
    ):
        relate(source, target, relation)
    made = control(mei)
    for row in first:
        map_control(actor=mei.actor, control=made, requirement=row, part="the part" if row.ref == "P" else "")
    programme = make_programme(
        mei.actor, kind="other", name="Second", framework=second, period_start=None, period_end=None, fieldwork_start=None
    )
    return programme, made, {row.ref: row for row in rows}


def stands(programme):
    return {each.requirement.ref: each.stands for each in carried_to(programme)}


def test_equal_and_containing_requirements_are_proposed_and_the_rest_are_candidates(pair):
    programme, _, _ = pair
    assert stands(programme) == {
        "e": Stands.PROPOSED, "p": Stands.PROPOSED, "s": Stands.CANDIDATE, "i": Stands.CANDIDATE, "n": Stands.OPEN,
    }  # fmt: skip


def test_a_relation_that_is_written_the_other_way_round_is_turned(room, mei):
    _, [big] = own("first", "B")
    second, [small] = own("second", "s")
    relate(small, big, Relation.SUBSET)  # small is contained in big, so big contains small
    made = control(mei)
    map_control(actor=mei.actor, control=made, requirement=big)
    programme = make_programme(
        mei.actor, kind="other", name="Second", framework=second, period_start=None, period_end=None, fieldwork_start=None
    )
    assert stands(programme) == {"s": Stands.PROPOSED}


def test_nothing_counts_before_a_person_confirms_and_the_counts_add_up(pair):
    programme, _, _ = pair
    shares = shares_of(carried_to(programme))
    assert (shares.asked, shares.confirmed, shares.proposed, shares.candidate, shares.open) == (5, 0, 2, 2, 1)
    assert not Mapping.objects.filter(requirement__framework=programme.framework).exists()


def test_confirming_makes_the_mapping_with_its_part_and_leaves_a_trail(pair, mei):
    programme, made, rows = pair
    confirm_proposals(
        actor=mei.actor, programme=programme,
        parts={(made.pk, rows["e"].pk): "All of it.", (made.pk, rows["p"].pk): "only production"},
    )  # fmt: skip
    parts = dict(Mapping.objects.filter(requirement__framework=programme.framework).values_list("requirement__ref", "part"))
    assert parts == {"e": "", "p": "only production"}
    shares = shares_of(carried_to(programme))
    assert (shares.confirmed, shares.proposed, shares.percent(shares.confirmed)) == (2, 0, 40)
    assert Entry.objects.filter(action="crosswalk.proposal.confirmed", target_id=made.pk).count() == 2


def test_a_part_has_to_be_said_and_then_none_is_confirmed(pair, mei):
    programme, made, rows = pair
    with pytest.raises(ValidationError) as refused:
        confirm_proposals(
            actor=mei.actor, programme=programme,
            parts={(made.pk, rows["e"].pk): "all of it", (made.pk, rows["s"].pk): "  "},
        )  # fmt: skip
    assert list(refused.value.message_dict) == [key_of((made.pk, rows["s"].pk))]
    assert stands(programme)["e"] == Stands.PROPOSED


def test_what_is_not_proposed_cannot_be_confirmed(pair, mei):
    programme, made, rows = pair
    with pytest.raises(ValidationError, match="not proposed any more"):
        confirm_proposals(actor=mei.actor, programme=programme, parts={(made.pk, rows["n"].pk): "all of it"})


def test_a_candidate_counts_once_its_part_is_confirmed(pair, mei):
    programme, made, rows = pair
    confirm_proposals(actor=mei.actor, programme=programme, parts={(made.pk, rows["i"].pk): "the half of it"})
    assert stands(programme)["i"] == Stands.CONFIRMED


def test_the_part_begins_with_what_the_control_meets_of_the_first_requirement(pair):
    programme, _, _ = pair
    parts = {each.requirement.ref: [p.part for p in each.proposals] for each in carried_to(programme)}
    assert parts == {"e": ["All of it"], "p": ["the part"], "s": [""], "i": [""], "n": []}


def test_a_retired_control_is_not_proposed(pair):
    programme, made, _ = pair
    Control.objects.filter(pk=made.pk).update(implementation="retired")
    assert set(stands(programme).values()) == {Stands.OPEN}


def test_dismissing_needs_a_reason_and_takes_the_proposal_away_until_it_is_taken_back(pair, mei):
    programme, made, rows = pair
    chosen = [(made.pk, rows["e"].pk)]
    with pytest.raises(ValidationError, match="Say why"):
        dismiss_proposals(actor=mei.actor, programme=programme, pairs=chosen, reason=" ")
    [dismissal] = dismiss_proposals(actor=mei.actor, programme=programme, pairs=chosen, reason="Another system.")
    assert stands(programme)["e"] == Stands.OPEN
    restore_proposal(actor=mei.actor, programme=programme, dismissal=dismissal)
    assert stands(programme)["e"] == Stands.PROPOSED


def test_a_requirement_left_out_of_the_programme_is_not_asked(iso, mei):
    before = len(carried_to(iso))
    iso.not_relevant = {"A.7.4": "No premises."}
    iso.save()
    assert before - len(carried_to(iso)) == 1
    assert len(carried_to(iso)) == requirements_in_scope(iso).count()


def test_the_shipped_crosswalk_proposes_for_iso_what_a_soc2_control_meets(iso, mei):
    row = Crosswalk.objects.filter(
        relation="superset", source__framework__key__startswith="soc2", target__framework=iso.framework
    ).select_related("source", "target")[0]
    map_control(actor=mei.actor, control=control(mei), requirement=row.source)
    assert stands(iso)[row.target.ref] == Stands.PROPOSED


def test_the_page_shows_the_share_with_the_list_behind_it(acme, mei, pair):
    programme, made, rows = pair
    page = mei.client.get(f"/o/acme/crosswalk/{programme.pk}/").content.decode()
    assert "0 of 5 requirements" in page
    assert "for 2 more (40%)" in page
    assert page.count("candidates only</span>") == 2
    assert page.count("nothing carries over") == 1
    only = mei.client.get(f"/o/acme/crosswalk/{programme.pk}/?show=candidate").content.decode()
    assert f"part_{made.pk}:{rows['s'].pk}" in only
    assert f"part_{made.pk}:{rows['e'].pk}" not in only


def test_ticked_proposals_are_confirmed_together_from_the_page(acme, mei, pair):
    programme, made, rows = pair
    keys = [key_of((made.pk, rows[ref].pk)) for ref in ("e", "p")]
    sent = {"pair": keys, f"part_{keys[0]}": "All of it", f"part_{keys[1]}": "the part"}
    assert mei.client.post(f"/o/acme/crosswalk/{programme.pk}/confirm/", sent).status_code == 302
    with scope(acme):
        assert Mapping.objects.filter(requirement__framework=programme.framework).count() == 2


def test_what_was_written_stays_when_a_part_is_missing(acme, mei, pair):
    programme, made, rows = pair
    keys = [key_of((made.pk, rows[ref].pk)) for ref in ("e", "s")]
    answer = mei.client.post(
        f"/o/acme/crosswalk/{programme.pk}/confirm/", {"pair": keys, f"part_{keys[0]}": "my own words", f"part_{keys[1]}": ""}
    )
    assert answer.status_code == 422
    assert "my own words" in answer.content.decode()
    assert "Say which part AC-01 meets" in answer.content.decode()


def test_it_is_dismissed_from_its_page_with_the_reason(acme, mei, pair):
    programme, made, rows = pair
    url = f"/o/acme/crosswalk/{programme.pk}/dismiss/{made.pk}/{rows['e'].pk}/"
    assert mei.client.post(url, {"reason": ""}).status_code == 422
    assert mei.client.post(url, {"reason": "It covers laptops only."}).status_code == 302
    with scope(acme):
        assert Dismissal.objects.get().reason == "It covers laptops only."
    assert "It covers laptops only." in mei.client.get(f"/o/acme/crosswalk/{programme.pk}/").content.decode()


def test_a_control_owner_sees_it_and_cannot_decide(acme, jonas, pair):
    programme, _, _ = pair
    page = jonas.client.get(f"/o/acme/crosswalk/{programme.pk}/").content.decode()
    assert 'type="checkbox"' not in page
    assert jonas.client.post(f"/o/acme/crosswalk/{programme.pk}/confirm/").status_code == 403
