"""Every rule of scope both ways: raised by facts, and gone once the facts have changed or somebody has decided."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.commitments.services import add_commitment, change_commitment, withdraw_commitment
from compliance.parties.services import add_party, record_review
from compliance.programmes.services import change_programme, close_programme, cover_services
from compliance.registers.models import System
from compliance.registers.services import (
    add_flow,
    add_service,
    change_flow,
    change_system,
    decide_scope,
    record_discovery,
    remove_flow,
)
from compliance.scoping.models import ScopeWarning
from compliance.scoping.services import decide_warning, reconcile
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.models import Mapping
from evidence.models import EvidenceRequirement
from tests.factories.compliance import make_programme, make_system
from tests.factories.controls import criterion
from tests.factories.gaps import ask, make_control
from tests.scoping.conftest import day, enter, one, raised, settle


def discover(kind: str, name: str) -> System:
    return record_discovery(actor=SYSTEM, kind=kind, external_id=f"x:{name}", name=name, discovered_by="AWS production")


LEFT_OUT = [
    ("SCO-01", {"kind": "database", "environment": "production"}),
    ("SCO-01", {"kind": "database"}),  # an environment that nobody said counts as production
    ("SCO-02", {"kind": "identity_provider"}),
    ("SCO-03", {"kind": "cloud_account"}),
    ("SCO-04", {"kind": "data_store", "data_classes": ["customer"]}),
    ("SCO-04", {"kind": "database", "environment": "test", "data_classes": ["personal"]}),
]


@pytest.mark.parametrize(("rule", "fields"), LEFT_OUT)
def test_what_an_auditor_expects_inside_is_raised_when_out_and_gone_when_in(acme, mei, rule, fields):
    with scope(acme):
        system = enter(mei.actor, decision="out", **fields)
        assert raised() == {rule}
        assert one(rule).severity == "critical"
        settle(mei.actor, system, "in")
        assert rule not in raised()
        gone = ScopeWarning.objects.get(rule=rule)
        assert gone.state == "gone"
        assert gone.gone_at is not None


@pytest.mark.parametrize(("rule", "fields"), LEFT_OUT)
def test_what_is_left_out_with_a_reason_and_a_day_is_no_longer_open(acme, mei, rule, fields):
    with scope(acme):
        enter(mei.actor, decision="out", **fields)
        decide_warning(actor=mei.actor, warning=one(rule), reason="Retired; deleted on the 30th.", review_on=day(30))
        assert raised() == set()
        assert ScopeWarning.objects.get().state == "decided"


def test_a_database_of_a_test_environment_without_customer_data_may_be_out(acme, mei):
    with scope(acme):
        system = enter(mei.actor, decision="out", environment="test", data_classes=["internal"])
        assert raised() == set()
        change_system(actor=mei.actor, system=system, environment="production")
        assert raised() == {"SCO-01"}


def test_a_sandbox_account_left_out_is_only_an_observation_until_it_holds_customer_data(acme, mei):
    with scope(acme):
        system = enter(mei.actor, decision="out", kind="cloud_account", environment="sandbox")
        assert one("SCO-03").severity == "minor"
        change_system(actor=mei.actor, system=system, data_classes=["customer"])
        assert one("SCO-03").severity == "critical"


@pytest.mark.parametrize("kind", ["account", "location", "code_host", "repository", "application"])
@pytest.mark.parametrize("decision", ["in", "out"])
def test_what_a_connection_discovered_waits_until_it_is_declared(acme, mei, kind, decision):
    with scope(acme):
        system = discover(kind, "one")
        assert raised() == {"SCO-05"}
        assert "AWS production sees it" in one("SCO-05").reason
        settle(mei.actor, system, decision)
        assert "SCO-05" not in raised()


def test_what_was_entered_by_hand_is_unclassified_until_it_is_decided(acme, mei):
    with scope(acme):
        system = make_system(mei.actor)
        assert raised() == {"SCO-07"}
        assert "counts as in" in one("SCO-07").reason
        settle(mei.actor, system, "in")
        assert "SCO-07" not in raised()


def test_a_declared_system_is_raised_until_a_connection_has_read_it(acme, mei):
    with scope(acme):
        system = enter(mei.actor, external_id="x:ledger")
        enter(mei.actor, "Lisbon", kind="location")
        enter(mei.actor, "Engineering", kind="team")
        assert raised() == {"SCO-06"}
        assert one("SCO-06").system_id == system.pk
        discover("database", "ledger")
        assert raised() == set()


def test_what_is_out_of_scope_need_not_be_collected_from(acme, mei):
    with scope(acme):
        system = enter(mei.actor, kind="application")
        assert raised() == {"SCO-06"}
        settle(mei.actor, system, "out")
        assert raised() == set()


def _flow(mei: Any, target: System, **fields: Any) -> Any:
    ours = enter(mei.actor, "Ledger", external_id="x:ledger", data_classes=["customer"])
    discover("database", "ledger")
    return add_flow(actor=mei.actor, source=ours, target=target, **{"data_classes": ["customer"]} | fields)


def test_a_flow_to_what_is_out_of_scope_is_raised_until_it_is_in_or_ends(acme, mei):
    with scope(acme):
        outside = enter(mei.actor, "Warehouse", decision="out", kind="application")
        flow = _flow(mei, outside)
        assert raised() == {"SCO-08"}
        settle(mei.actor, outside, "in")
        assert "SCO-08" not in raised()
        settle(mei.actor, outside, "out")
        assert "SCO-08" in raised()
        remove_flow(actor=mei.actor, flow=flow)
        assert raised() == set()


def test_a_flow_of_which_nobody_said_what_it_carries_is_not_taken_for_public(acme, mei):
    with scope(acme):
        outside = enter(mei.actor, "Warehouse", decision="out", kind="application")
        flow = _flow(mei, outside, data_classes=[])
        assert "nobody has said which data" in one("SCO-08").reason
        change_flow(actor=mei.actor, flow=flow, data_classes=["internal"])
        assert one("SCO-08").severity == "minor"
        change_flow(actor=mei.actor, flow=flow, data_classes=["public"])
        assert raised() == set()


def test_a_flow_both_ways_reaches_both_of_its_ends(acme, mei):
    with scope(acme):
        outside = enter(mei.actor, "Warehouse", decision="out", kind="application")
        ours = enter(mei.actor, "Site", kind="other", external_id="x:site", data_classes=["customer"])
        discover("other", "site")
        flow = add_flow(actor=mei.actor, source=outside, target=ours, data_classes=["customer"])
        assert raised() == set()
        change_flow(actor=mei.actor, flow=flow, direction="both_ways")
        assert raised() == {"SCO-08"}


def test_a_flow_to_a_party_that_nobody_reviewed_is_raised_once_and_not_twice(acme, mei):
    with scope(acme):
        party = add_party(actor=mei.actor, name="Courier", role="vendor", reviewer=mei.membership, review_months=12,
                          first_review_due=day(10))
        settle(mei.actor, party.system, "in")
        _flow(mei, party.system)
        assert raised() == {"SCO-09"}
        record_review(actor=mei.actor, party=party, outcome="satisfactory", note="Its report was read.")
        assert raised() == set()


def test_the_rules_of_third_parties_stand_on_the_same_page(acme, mei):
    with scope(acme):
        system = enter(mei.actor, "Post", kind="third_party")
        found = one("PTY-15")
        assert (found.system_id, found.place, found.severity) == (system.pk, "parties:add", "significant")
        add_party(actor=mei.actor, system=system, role="subservice")
        assert {"PTY-11", "PTY-14"} == raised()
        assert one("PTY-15").state == "gone"


def test_a_category_without_evidence_for_each_of_its_criteria_is_raised(acme, mei, programme):
    with scope(acme):
        found = one("SCO-10")
        assert (found.programme_id, found.subject) == (programme.pk, "Availability in SOC 2 Type II, 2026")
        assert "0 of 3 criteria" in found.reason
        for number in (1, 2, 3):
            control = make_control(f"AV-0{number}")
            Mapping.objects.create(control=control, requirement=criterion(f"A1.{number}"))
            shown = ask(control)
            EvidenceRequirement.objects.filter(pk=shown.pk).update(effective_end=found.raised_at)
        assert "SCO-10" not in raised()


def test_a_category_is_no_longer_raised_once_it_is_taken_back(acme, mei, programme):
    with scope(acme):
        assert "SCO-10" in raised()
        change_programme(actor=mei.actor, programme=programme, categories=[])
        assert "SCO-10" not in raised()


PROMISES = [
    ("uptime", "availability"), ("secrecy", "confidentiality"), ("accuracy", "processing_integrity"), ("personal_data", "privacy")
]


@pytest.mark.parametrize(("promise", "category"), PROMISES)
def test_a_promise_without_its_category_is_raised_until_the_category_is_chosen(acme, mei, promise, category):
    with scope(acme):
        programme = make_programme(mei.actor, categories=[])
        add_commitment(actor=mei.actor, kind="commitment", promise=promise, text="As agreed.", source="Terms, 7")
        assert raised() == {"SCO-11"}
        change_programme(actor=mei.actor, programme=programme, categories=[category])
        assert "SCO-11" not in raised()


def test_a_promise_that_is_withdrawn_or_of_another_kind_calls_for_no_category(acme, mei):
    with scope(acme):
        make_programme(mei.actor, categories=[])
        promised = add_commitment(actor=mei.actor, kind="commitment", promise="uptime", text="It is up.", source="Terms, 7")
        assert raised() == {"SCO-11"}
        change_commitment(actor=mei.actor, commitment=promised, promise="other")
        assert raised() == set()
        change_commitment(actor=mei.actor, commitment=promised, promise="uptime")
        assert raised() == {"SCO-11"}
        withdraw_commitment(actor=mei.actor, commitment=promised, reason="The terms changed.")
        assert raised() == set()


def test_a_promise_about_a_service_that_the_programme_does_not_cover_is_none_of_its(acme, mei):
    with scope(acme):
        payments, loans = (add_service(actor=mei.actor, name=name) for name in ("Payments", "Loans"))
        cover_services(actor=mei.actor, programme=make_programme(mei.actor, categories=[]), services=[payments])
        promised = add_commitment(
            actor=mei.actor, kind="commitment", promise="uptime", text="It is up.", source="Terms, 7", services=[loans]
        )
        assert raised() == set()
        change_commitment(actor=mei.actor, commitment=promised, services=[loans, payments])
        assert raised() == {"SCO-11"}


def test_a_system_that_has_nothing_of_customers_is_raised_with_what_it_costs(acme, mei):
    with scope(acme):
        system = enter(mei.actor, "Canteen", kind="application", external_id="x:canteen", vendor="okta", data_classes=["internal"])
        discover("application", "canteen")
        ask(make_control(), fact_kinds=["okta.app_assignments"], cadence="quarterly")
        found = one("SCO-12")
        assert (found.system_id, found.severity) == (system.pk, "minor")
        assert "adds 4 evidence intervals in a year" in found.reason
        settle(mei.actor, system, "out")
        assert raised() == set()


@pytest.mark.parametrize("why", ["holds", "receives", "reaches", "far", "keys"])
def test_a_system_that_holds_receives_or_reaches_customer_data_is_in_for_a_reason(acme, mei, why):
    with scope(acme):
        system = enter(mei.actor, "Canteen", kind="application", external_id="x:canteen", data_classes=["internal"])
        other = enter(mei.actor, "Ledger", external_id="x:ledger", data_classes=["customer"])
        between = enter(mei.actor, "Queue", kind="other", external_id="x:queue")
        for kind, name in (("application", "canteen"), ("database", "ledger"), ("other", "queue")):
            discover(kind, name)
        assert raised() == {"SCO-12"}
        if why in ("holds", "keys"):
            held = ["customer"] if why == "holds" else ["credentials"]
            change_system(actor=mei.actor, system=system, data_classes=held)
        elif why == "receives":
            add_flow(actor=mei.actor, source=other, target=system, data_classes=["personal"])
        elif why == "reaches":
            add_flow(actor=mei.actor, source=system, target=other, data_classes=["internal"])
        else:
            add_flow(actor=mei.actor, source=system, target=between)
            add_flow(actor=mei.actor, source=between, target=other)
        assert raised() == set()


def test_of_a_system_that_nobody_said_what_it_holds_nothing_follows(acme, mei):
    with scope(acme):
        enter(mei.actor, "Canteen", kind="application", external_id="x:canteen")
        discover("application", "canteen")
        assert raised() == set()


def test_cardholder_data_calls_for_pci_dss_until_a_programme_is_begun(acme, mei):
    with scope(acme):
        enter(mei.actor, external_id="x:ledger", data_classes=["cardholder"])
        discover("database", "ledger")
        assert raised() == {"SCO-13"}
        programme = make_programme(
            mei.actor, kind="pci", name="PCI", framework=_framework("pci"), period_start=None, period_end=None,
            pci_party="merchant", pci_level=1, pci_report="roc",
        )  # fmt: skip
        assert raised() == set()
        close_programme(actor=mei.actor, programme=programme)
        assert raised() == {"SCO-13"}


def test_a_flow_of_cardholder_data_calls_for_pci_dss_too(acme, mei):
    with scope(acme):
        one_, other = (enter(mei.actor, name, external_id=f"x:{name}", kind="other") for name in ("a", "b"))
        discover("other", "a"), discover("other", "b")
        flow = add_flow(actor=mei.actor, source=one_, target=other, data_classes=["cardholder"])
        assert raised() == {"SCO-13"}
        change_flow(actor=mei.actor, flow=flow, data_classes=["internal"])
        assert raised() == set()


def test_judging_twice_changes_nothing_and_another_room_sees_nothing(acme, borealis, mei, programme):
    with scope(acme):
        enter(mei.actor, decision="out")
        assert reconcile()["raised"] > 0
        assert not reconcile()
        kept = list(ScopeWarning.objects.order_by("id").values())
        reconcile()
        assert list(ScopeWarning.objects.order_by("id").values()) == kept
    with scope(borealis):
        reconcile()
        assert not ScopeWarning.objects.exists()


def test_what_is_raised_again_is_the_same_warning(acme, mei):
    with scope(acme):
        system = enter(mei.actor, decision="out")
        first = one("SCO-01")
        settle(mei.actor, system, "in")
        assert "SCO-01" not in raised()
        decide_scope(actor=mei.actor, system=system, decision="out", justification="After all.")
        again = one("SCO-01")
        assert (again.pk, again.state, again.gone_at) == (first.pk, "open", None)
        assert again.raised_at > first.raised_at


def _framework(key: str) -> Any:
    from tests.factories.compliance import framework

    return framework(key)
