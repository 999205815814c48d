"""The rules on systems and flows. Pure functions of the room's facts."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.parties.rules import MINOR, SIGNIFICANT
from compliance.registers.models import DATA_CLASSES, Decision, Kind

from .catalogue import (
    CLOUD_OUT,
    DATABASE_OUT,
    FLOW_OUT,
    FLOW_UNREVIEWED,
    IDENTITY_OUT,
    IDLE,
    LATE_SYSTEM,
    NEVER_COLLECTED,
    STORE_OUT,
    UNCLASSIFIED,
    UNDECLARED,
    Found,
    Rule,
)
from .facts import FlowFacts, RoomFacts, SystemFacts

#: What a connection or a person's evidence can speak of. Teams, locations and environments are spoken of through these;
#: third parties have papers and reviews of their own.
COLLECTABLE = frozenset({
    Kind.CLOUD_ACCOUNT, Kind.DATABASE, Kind.DATA_STORE, Kind.REPOSITORY, Kind.APPLICATION, Kind.IDENTITY_PROVIDER,
    Kind.CODE_HOST, Kind.OTHER,
})  # fmt: skip
#: Kinds that may be in scope for nothing. The others give access to what runs, or make it: they reach customer data.
_MAY_BE_IDLE = frozenset({Kind.DATABASE, Kind.DATA_STORE, Kind.APPLICATION, Kind.OTHER})
_NAMES = dict(DATA_CLASSES)


def left_out(room: RoomFacts) -> Iterator[Found]:
    """SCO-01 to SCO-04: of what is decided to be out, what an auditor would expect inside; one warning for each."""
    for system in room.systems.values():
        rule = _why_expected(system) if system.is_out else None
        if rule is None:
            continue
        beside = rule is CLOUD_OUT and not system.counts_as_production and not system.holds_customer_data
        yield _of_system(
            system, rule, f"{_called(system)} is decided to be out of scope{_holding(system)}.",
            severity=MINOR if beside else rule.severity,
        )  # fmt: skip


def _why_expected(system: SystemFacts) -> Rule | None:
    if system.kind == Kind.DATABASE and system.counts_as_production:
        return DATABASE_OUT
    if system.kind == Kind.IDENTITY_PROVIDER:
        return IDENTITY_OUT
    if system.kind == Kind.CLOUD_ACCOUNT:
        return CLOUD_OUT
    return STORE_OUT if system.holds_customer_data else None


def undecided(room: RoomFacts) -> Iterator[Found]:
    """SCO-05 for what a connection discovered, SCO-07 for what was entered by hand."""
    for system in room.systems.values():
        if not system.is_undecided:
            continue
        if system.seen_by:
            said = f"{system.seen_by} sees it, and nobody has decided whether it is in scope. Until then it counts as in."
            yield _of_system(system, UNDECLARED, said)
        else:
            said = "It was entered in the register, and nobody has decided whether it is in scope. Until then it counts as in."
            yield _of_system(system, UNCLASSIFIED, said)


def never_collected(room: RoomFacts) -> Iterator[Found]:
    """SCO-06: what is decided to be in and could be collected from."""
    if room.collected is None:
        return
    for system in room.systems.values():
        if system.decision == Decision.IN and system.kind in COLLECTABLE and system.id not in room.collected:
            yield _of_system(system, NEVER_COLLECTED, f"{_called(system)} is in scope, and no evidence was ever collected from it.")


def flows(room: RoomFacts) -> Iterator[Found]:
    """SCO-08 and SCO-09: where data arrives. What carries nobody knows what is not taken for public."""
    for flow in room.flows:
        if flow.carries_only_public_data:
            continue
        for end in flow.ends:
            receiver = room.systems.get(end)
            if receiver is None:
                continue
            if receiver.is_out:
                yield _of_flow(room, flow, receiver, FLOW_OUT, "which is out of scope")
            elif receiver.kind == Kind.THIRD_PARTY and receiver.id not in room.reviewed:
                yield _of_flow(room, flow, receiver, FLOW_UNREVIEWED, "of which no review is on record")


def idle(room: RoomFacts) -> Iterator[Found]:
    """SCO-12: only where somebody has said what it holds; of what nobody has said nothing follows."""
    for system in room.systems.values():
        if system.decision != Decision.IN or system.kind not in _MAY_BE_IDLE or not system.classes:
            continue
        if "credentials" in system.classes or system.id in room.reaching:
            continue
        held = _words(system.classes)
        yield _of_system(
            system, IDLE, f"It holds {held}. No customer data flows to it, and nothing that it sends leads to a system that "
            f"has any. {_burden(room, system)}",
        )  # fmt: skip


def entered_late(room: RoomFacts) -> Iterator[Found]:
    """SCO-14: a check list that lacks something."""
    for late in room.late:
        system = room.systems.get(late.system)
        if system is None or not late.lacking:
            continue
        yield Found(
            LATE_SYSTEM, f"{late.system}:{late.programme}", str(system),
            f"It entered the scope of {late.programme_name} on {late.starts_on:%-d %b %Y}, within the period. Its check list "
            f"lacks: {'; '.join(late.lacking)}.",
            ("scoping:check_list", late.id, ""), {"starts_on": late.starts_on.isoformat(), "lacking": sorted(late.lacking)},
            system=late.system, programme=late.programme,
        )  # fmt: skip


def _burden(room: RoomFacts, system: SystemFacts) -> str:
    if room.added is None:
        return "How many evidence intervals it adds in a year is not known."
    number = room.added.get(system.id, 0)
    return f"It adds {number} evidence interval{'' if number == 1 else 's'} in a year."


def _of_system(system: SystemFacts, rule: Rule, reason: str, severity: str = "") -> Found:
    basis = {"kind": system.kind, "environment": system.environment, "classes": sorted(system.classes)}
    return Found(
        rule, str(system.id), str(system), reason, ("registers:system", system.id, ""), basis, system=system.id,
        severity=severity,
    )


def _of_flow(room: RoomFacts, flow: FlowFacts, receiver: SystemFacts, rule: Rule, what: str) -> Found:
    sender = room.systems.get(flow.source if receiver.id == flow.target else flow.target)
    carried = _words(flow.classes) if flow.classes else "nobody has said which data"
    place = ("registers:system", receiver.id, "")
    return Found(
        rule, f"{flow.id}:{receiver.id}", f"{flow.ref} to {receiver}",
        f"{flow.ref} brings {carried} from {sender or 'another system'} to {receiver}, {what}.", place,
        {"classes": sorted(flow.classes), "receiver": str(receiver.id), "decision": receiver.decision}, system=receiver.id,
        severity=rule.severity if flow.carries_customer_data or not flow.classes else _softer(rule),
    )  # fmt: skip


def _softer(rule: Rule) -> str:
    return MINOR if rule.severity == SIGNIFICANT else rule.severity


def _called(system: SystemFacts) -> str:
    where = f" ({system.environment})" if system.environment else ""
    return f"The {Kind(system.kind).label.lower()} {system.name}{where}"


def _holding(system: SystemFacts) -> str:
    return f", and holds {_words(system.classes)}" if system.classes else ""


def _words(classes: frozenset[str]) -> str:
    return ", ".join(_NAMES.get(each, each).lower() for each in sorted(classes))
