"""A phase is over when its conditions hold: computed from the registers, never ticked."""

from __future__ import annotations

import pytest

from compliance.programmes.conditions import exits_of
from compliance.programmes.services import approve_selection, write_selection
from compliance.registers.services import decide_scope
from compliance.tenancy.rooms import scope
from controls.models import Control, Implementation, Standing
from evidence.coverage.models import Coverage
from gaps.models import Gap
from tests.factories.compliance import make_programme, make_system
from tests.house.world import furnish


@pytest.fixture
def programme(acme, mei):
    with scope(acme):
        return make_programme(mei.actor)


def known(programme) -> dict:
    return {condition.key: condition for phase in exits_of(programme) for condition in phase.conditions}


def over(programme) -> list[str]:
    return [phase.kind.value for phase in exits_of(programme) if phase.over]


def test_every_floor_gives_its_part_to_every_phase(acme, programme):
    with scope(acme):
        assert all(phase.conditions for phase in exits_of(programme))
        assert {"scoping.decided", "assessment.assessed", "remediation.no_critical", "pre_audit.coverage", "audit.issued"} <= known(
            programme
        ).keys()


def test_where_nothing_is_known_nothing_holds_and_no_phase_is_over(acme, programme):
    with scope(acme):
        found = known(programme)
        for key in ("scoping.decided", "assessment.assessed", "pre_audit.coverage", "pre_audit.fresh", "audit.requests"):
            assert found[key].met is None, key
        assert over(programme) == []


def test_scoping_is_over_once_all_is_decided_and_the_choice_is_approved(acme, mei, femi, programme):
    with scope(acme):
        system = make_system(mei.actor, decision="in")
        waiting = make_system(mei.actor, "Old wiki")
        assert known(programme)["scoping.decided"].figure == "1 of 2 undecided"
        decide_scope(actor=mei.actor, system=waiting, decision="out", justification="It holds nothing of customers.")
        assert known(programme)["scoping.decided"].met is True
        assert over(programme) == []
        record = write_selection(actor=mei.actor, programme=programme, reason="Asked for.", author=mei.membership)
        assert known(programme)["scoping.selection"].figure == "waits for approval"
        approve_selection(actor=femi.actor, selection=record, approver=femi.membership)
        assert over(programme) == ["scoping"]
        make_system(mei.actor, "New queue")
        assert over(programme) == []
        assert system.pk


def test_assessment_and_remediation_follow_the_controls_and_the_gaps(acme, mei):
    with scope(acme):
        world = furnish(acme, mei.membership, "acme")
        programme = world["programme"]
        found = known(programme)
        assert (found["assessment.assessed"].figure, found["assessment.assessed"].met) == ("0 of 2 controls", False)
        assert (found["remediation.no_critical"].figure, found["remediation.no_critical"].met) == ("1 open", False)
        Standing.objects.create(control=world["sampled_control"])
        Standing.objects.update(assessed=True)
        Gap.objects.update(state="closed")
        Control.objects.update(implementation=Implementation.PARTLY)
        found = known(programme)
        assert found["assessment.assessed"].met is True
        assert found["remediation.no_critical"].met is True
        assert found["remediation.in_place"].met is False


def test_a_hole_in_the_coverage_keeps_the_review_from_being_over(acme, mei):
    with scope(acme):
        world = furnish(acme, mei.membership, "acme")
        Coverage.objects.update(filled=9, unknown=1, to_come=2, worst="unknown")
        condition = known(world["programme"])["pre_audit.coverage"]
        assert (condition.met, condition.figure) == (False, "0 of 1 requirements without a hole")
        Coverage.objects.update(filled=10, unknown=0, to_come=2, worst="to_come")
        assert known(world["programme"])["pre_audit.coverage"].met is True


def test_an_override_hides_no_critical_gap(acme, mei):
    with scope(acme):
        world = furnish(acme, mei.membership, "acme")
        Gap.objects.update(severity="critical", severity_override="minor")
        assert known(world["programme"])["remediation.no_critical"].met is False


def test_the_page_shows_each_with_its_figure_and_where_to_look(acme, mei, programme):
    with scope(acme):
        make_system(mei.actor)
    shown = mei.client.get(f"/o/acme/programmes/{programme.pk}/exits/").content.decode()
    assert "1 of 1 undecided" in shown
    assert 'href="/o/acme/scope/?decision=undecided"' in shown
    assert "nobody can tick one" in shown
    assert 'type="checkbox"' not in shown
