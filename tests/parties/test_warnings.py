"""Warnings on third parties from the tables: raised, and gone once somebody has done what they ask."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from compliance.parties import services
from compliance.parties.coverage import Span
from compliance.parties.models import NestedCarveOut, UserEntityControl
from compliance.parties.selectors import warnings
from compliance.registers.models import Flow, System
from compliance.registers.services import add_system, decide_scope
from compliance.tenancy.rooms import scope
from controls.complements.services import map_cuec
from controls.models import Control, Standing
from tests.parties.conftest import day


def raised(**asked) -> set[str]:
    asked.setdefault("period", Span(day(-100), day(80)))
    return {each.rule.id for each in warnings(**asked)}


def make_control(owner=None, *, evidence="current", implementation="implemented", ref="AC-01") -> Control:
    control = Control.objects.create(
        ref=ref, title="Access", statement="Access is kept.", owner=owner, implementation=implementation
    )
    Standing.objects.create(control=control, evidence=evidence)
    return control


def test_uncovered_days_go_with_a_letter_that_names_the_service(acme, mei, cumulus, report):
    with scope(acme):
        assert "PTY-01" in raised()
        services.add_letter(
            actor=mei.actor, party=cumulus, report=report, starts_on=day(-30), ends_on=day(0), services=["Compute"],
            signed_by="Chief", signed_on=day(0), incidents="none",
        )  # fmt: skip
        assert "PTY-01" not in raised()


def test_a_letter_that_leaves_out_the_service_covers_nothing_and_is_said_to(acme, mei, cumulus, report):
    with scope(acme):
        letter = services.add_letter(
            actor=mei.actor, party=cumulus, report=report, starts_on=day(-30), ends_on=day(0), services=["Storage"],
            signed_by="Chief", signed_on=day(0), incidents="none",
        )  # fmt: skip
        assert {"PTY-01", "PTY-03"} <= raised()
        services.change_letter(actor=mei.actor, letter=letter, services=["Storage", "compute"])
        assert not {"PTY-01", "PTY-03"} & raised()


def test_a_nested_carve_out_waits_for_an_answer(acme, mei, cumulus, report):
    with scope(acme):
        assert "PTY-07" in raised()
        nested = NestedCarveOut.objects.get()
        with pytest.raises(ValidationError):
            services.answer_carve_out(actor=mei.actor, nested=nested, answer=" ")
        services.answer_carve_out(actor=mei.actor, nested=nested, answer="Its own report was read on 3 March.")
        assert "PTY-07" not in raised()


def test_each_expectation_is_mapped_or_ruled_out_with_a_reason(acme, mei, jonas, cumulus, report):
    with scope(acme):
        assert "PTY-08" in raised()
        first, second = UserEntityControl.objects.order_by("id")
        map_cuec(actor=mei.actor, cuec=first, controls=[make_control(jonas.membership)])
        (said,) = [each for each in warnings(period=None) if each.rule.id == "PTY-08"]
        assert said.reason == "1 of 2 is unmapped: 2 Keys are kept."
        map_cuec(actor=mei.actor, cuec=second, controls=[], not_applicable="We hold no keys of theirs.")
        assert "PTY-08" not in raised()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"owner": None}, "AC-01 has no owner"),
        ({"evidence": "stale"}, "AC-01 has no current evidence"),
        ({"implementation": "planned"}, "AC-01 is planned"),
    ],
)
def test_a_mapped_control_needs_an_owner_and_current_evidence(acme, mei, jonas, cumulus, report, wrong, words):
    with scope(acme):
        first, _ = UserEntityControl.objects.order_by("id")
        map_cuec(actor=mei.actor, cuec=first, controls=[make_control(**({"owner": jonas.membership} | wrong))])
        (said,) = [each for each in warnings() if each.rule.id == "PTY-09"]
        assert words in said.reason
        map_cuec(actor=mei.actor, cuec=first, controls=[make_control(jonas.membership, ref="AC-02")])
        assert "PTY-09" not in raised()


def test_a_control_and_a_reason_against_it_are_never_both_recorded(acme, mei, jonas, cumulus, report):
    with scope(acme):
        first, _ = UserEntityControl.objects.order_by("id")
        with pytest.raises(ValidationError):
            map_cuec(actor=mei.actor, cuec=first, controls=[make_control(jonas.membership)], not_applicable="No.")


def test_customer_data_that_flows_to_an_unreviewed_party_is_raised(acme, mei, cumulus):
    with scope(acme):
        assert "PTY-12" not in raised()
        ours = add_system(actor=mei.actor, kind="database", name="Ledger")
        Flow.objects.create(ref="FLW-1", source=ours, target=cumulus.system, data_classes=["customer"])
        assert "PTY-12" in raised()
        services.record_review(actor=mei.actor, party=cumulus, outcome="satisfactory", note="Its report was read.")
        assert "PTY-12" not in raised()


def test_a_flow_away_from_a_party_is_no_flow_to_it_unless_it_goes_both_ways(acme, mei, cumulus):
    with scope(acme):
        ours = add_system(actor=mei.actor, kind="database", name="Ledger")
        flow = Flow.objects.create(ref="FLW-1", source=cumulus.system, target=ours, data_classes=["customer"])
        assert "PTY-12" not in raised()
        flow.direction = "both_ways"
        flow.save()
        assert "PTY-12" in raised()


def test_data_held_by_a_party_counts_as_reaching_it(acme, mei, cumulus):
    with scope(acme):
        System.objects.filter(pk=cumulus.system_id).update(data_classes=["cardholder", "customer"])
        assert "PTY-12" in raised()


def test_a_third_party_without_role_is_raised_until_it_has_one_or_is_out(acme, mei):
    with scope(acme):
        one = add_system(actor=mei.actor, kind="third_party", name="Post")
        other = add_system(actor=mei.actor, kind="third_party", name="Bakery")
        assert [each.subject for each in warnings() if each.rule.id == "PTY-15"] == [str(one), str(other)]
        services.add_party(actor=mei.actor, system=one, role="vendor")
        decide_scope(actor=mei.actor, system=other, decision="out", justification="It brings bread.")
        assert "PTY-15" not in raised()


def test_a_subservice_organisation_needs_its_method_and_expected_controls(acme, mei):
    with scope(acme):
        party = services.add_party(actor=mei.actor, name="Nimbus", role="subservice")
        assert {"PTY-11", "PTY-14"} <= raised()
        services.change_party(actor=mei.actor, party=party, method="inclusive")
        assert not {"PTY-11", "PTY-13", "PTY-14"} & raised()
        services.change_party(actor=mei.actor, party=party, method="carve_out")
        assert {"PTY-13", "PTY-14"} <= raised()


def test_warnings_of_another_organisation_stay_there(acme, borealis, cumulus, report):
    with scope(borealis):
        assert warnings() == []
