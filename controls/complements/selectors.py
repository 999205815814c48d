"""Reading which controls of ours answer a third party's CUECs, and the warnings where none does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.urls import reverse

from compliance.parties.models import Party, PartyReport, UserEntityControl
from compliance.parties.rules import SIGNIFICANT, Rule
from compliance.parties.warning_lines import Warning
from compliance.tenancy.rooms import here
from controls.models import Implementation

from .models import Complement

UNMAPPED = Rule("PTY-08", SIGNIFICANT, "A control that their report expects of us, and that nobody has mapped")
UNSHOWN = Rule("PTY-09", SIGNIFICANT, "A mapped control without owner or current evidence")
_SHOWN = ("current", "due_soon", "event_driven")


def complements_of(cuecs: Iterable[UserEntityControl]) -> dict[UUID, list[Complement]]:
    """The controls that answer each CUEC, with their owners and standing, by the CUEC's id."""
    found = Complement.objects.filter(cuec__in=[each.pk for each in cuecs])
    by_cuec: dict[UUID, list[Complement]] = defaultdict(list)
    for each in found.select_related("control__owner", "control__standing").order_by("control__ref"):
        by_cuec[each.cuec_id].append(each)
    return by_cuec


def lacking(complement: Complement) -> list[str]:
    """What keeps a mapped control from answering: in words, empty where nothing does."""
    control = complement.control
    standing = getattr(control, "standing", None)
    said = []
    if control.owner_id is None:
        said.append("has no owner")
    if control.implementation != Implementation.IMPLEMENTED:
        said.append(f"is {control.get_implementation_display().lower()}")
    if standing is None or standing.evidence not in _SHOWN:
        said.append("has no current evidence")
    return said


def warnings_on(parties: Sequence[Party]) -> Iterator[Warning]:
    """PTY-08 and PTY-09 on the newest report with CUECs of each party; read `with_papers`."""
    asked = {party: newest_with_cuecs(party) for party in parties}
    mapped = complements_of(cuec for report in asked.values() if report for cuec in report.user_entity_controls.all())
    for party, report in asked.items():
        if report is not None:
            yield from _warnings(party, list(report.user_entity_controls.all()), mapped)


def newest_with_cuecs(party: Party) -> PartyReport | None:
    """The newest report of a party that lists CUECs: what an earlier one asked is superseded."""
    return next((report for report in party.reports.all() if report.user_entity_controls.all()), None)


def _warnings(
    party: Party, cuecs: list[UserEntityControl], mapped: dict[UUID, list[Complement]]
) -> Iterator[Warning]:
    url = reverse("complements:map", args=[here().slug, party.pk])
    waiting = [each for each in cuecs if not each.not_applicable and each.pk not in mapped]
    if waiting:
        names = "; ".join(str(each).rstrip(".") for each in waiting[:5]) + ("; …" if len(waiting) > 5 else "")
        one = len(waiting) == 1
        yield Warning(
            UNMAPPED, str(party.system), f"{len(waiting)} of {len(cuecs)} {'is' if one else 'are'} unmapped: {names}.",
            "Say which control of ours does it, or why it is not applicable to us.", url, party.pk,
        )  # fmt: skip
    weak = {
        each.control.ref: ", ".join(lacking(each)) for cuec in cuecs for each in mapped.get(cuec.pk, ()) if lacking(each)
    }
    if weak:
        said = "; ".join(f"{ref} {what}" for ref, what in sorted(weak.items()))
        yield Warning(
            UNSHOWN, str(party.system), f"Controls that answer for their report’s expectations fall short: {said}.",
            "Name an owner and bring the evidence, or map a control that has both.", url, party.pk,
        )  # fmt: skip
