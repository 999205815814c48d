"""What the product found in the sample company, by the rule that found it and the name that the written list gives it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from compliance.parties.selectors import warnings
from compliance.scoping.models import ScopeWarning, State
from evidence.models import EvidenceLink
from evidence.populations.models import Population
from evidence.reading.models import LintFinding
from gaps.models import Gap, GapState, Occurrence
from sample.planted import flaws

Found = set[tuple[str, str]]
#: Gaps of these rules are of checks, each of which is told with its world.
OF_CHECKS = "check.fails"
#: The rules on what is decided to be out of scope. Those on flows, and on what is in and not collected, speak of how the company
#: is drawn and not of what was done wrong in it.
OF_SCOPE = ("SCO-01", "SCO-02", "SCO-03", "SCO-04")


def found_by_gaps(*, closed: bool = False) -> Found:
    """(rule, name) of what open gaps name now, but for those of checks; or of what closed ones named."""
    rows = Occurrence.objects.exclude(gap__rule=OF_CHECKS).select_related("gap__connection", "gap__requirement", "gap__control")
    rows = rows.filter(gap__state=GapState.CLOSED) if closed else rows.filter(gone_at=None).exclude(gap__state=GapState.CLOSED)
    names = dict(Population.objects.values_list("ref", "name"))
    return {(row.gap.rule, _name(row.gap, row.resource, names)) for row in rows}


def _name(gap: Gap, resource: str, populations: dict[str, str]) -> str:
    ref, _, rest = gap.subject.partition(" ")
    if gap.rule.startswith("population."):
        return ": ".join(filter(None, [populations[ref], rest, resource]))
    if gap.rule.startswith("review."):
        return gap.control.ref if gap.control else gap.subject
    if gap.rule == "connection.cannot_look":
        return f"{gap.connection.slug if gap.connection else ''} {gap.subject}: {resource}"
    if gap.rule.startswith("evidence."):
        return f"{gap.requirement.key if gap.requirement else ref} {resource}"
    return resource


def found_by_lint() -> Found:
    """(lint and its rule, key of the evidence requirement, else the artefact) of every finding and suspicion. A question is no
    fault, nor is what was brought as it was made and before the period began: it lies outside, and nobody says otherwise."""
    keys = dict(EvidenceLink.objects.values_list("artefact_id", "requirement__key"))
    rows = LintFinding.objects.exclude(level="question").select_related("version__artefact")
    return {
        (f"lint.{row.rule}", keys.get(row.version.artefact_id, row.version.artefact.title)) for row in rows
        if row.rule != "outside" or row.version.received_at - row.version.effective_end > timedelta(days=2)
    }  # fmt: skip


def found_by_warnings() -> Found:
    """(warning and its rule, name of the third party, or of what was left out of scope)."""
    parties = {(f"warning.{each.rule.id}", each.subject.partition(" ")[2]) for each in warnings()}
    left_out = ScopeWarning.objects.filter(rule__in=OF_SCOPE).exclude(state=State.GONE)
    return parties | {(f"warning.{each.rule}", each.subject.partition(" ")[2]) for each in left_out}


def held_against(
    found: Found, *, families: Collection[str] = (), rules: Collection[str] = (), besides: Collection[str] = (), mended: bool = False
) -> bool:  # fmt: skip
    """Whether each flaw of the list is found, and nothing is found that is none. Says which where not.

    `families` and `rules` say what of the list is looked at, all of it where they are left out; `besides` what is not.
    """
    wanted = {
        pair for flaw in flaws() for pair in flaw.found
        if (not families or flaw.family in families) and (not rules or pair[0] in rules) and flaw.id not in besides
        and (flaw.until is not None) == mended
    }  # fmt: skip
    lacking = {pair for pair in wanted if not any(_is(pair, one) for one in found)}
    strange = set() if mended else {one for one in found if not any(_is(pair, one) for pair in wanted)}
    assert not lacking, f"not found: {sorted(lacking)}; found besides: {sorted(strange)}"
    assert not strange, f"found and not planted: {sorted(strange)}"
    return True


def _is(wanted: tuple[str, str], found: tuple[str, str]) -> bool:
    return wanted[0] == found[0] and found[1].startswith(wanted[1])
