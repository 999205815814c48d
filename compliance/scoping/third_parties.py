"""The warnings of the third-party rules, in the shape that all warnings of scope have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from compliance.parties.dossiers import Dossier
from compliance.parties.models import Party
from compliance.parties.rules import NEVER_REVIEWED
from compliance.parties.rules import Rule as PartyRule
from compliance.parties.selectors import dossiers, roleless, warnings_among
from compliance.parties.warning_lines import Warning

from .catalogue import FLOW_UNREVIEWED, Found, Rule


def party_warnings(beside: Iterable[Found]) -> Iterator[Found]:
    """Everything that is raised on third parties. PTY-12 is left out of a party that SCO-09 names for the same flow."""
    named = {each.system for each in beside if each.rule is FLOW_UNREVIEWED and each.severity == FLOW_UNREVIEWED.severity}
    known = dossiers()
    by_id = {party.pk: (party, dossier) for party, dossier in known.items()}
    seen: Counter[tuple[str, str]] = Counter()
    for said in [*warnings_among(known), *roleless()]:
        party, dossier = by_id.get(said.party_id, (None, None)) if said.party_id else (None, None)
        if party is not None and said.rule is NEVER_REVIEWED and party.system_id in named:
            continue
        about = str(said.party_id or said.system_id)
        seen[said.rule.id, about] += 1
        yield _found(said, party, dossier, f"{about}:{seen[said.rule.id, about]}")


def _found(said: Warning, party: Party | None, dossier: Dossier | None, about: str) -> Found:
    place = ("parties:party", said.party_id, "") if said.party_id else ("parties:add", None, f"system={said.system_id}")
    return Found(
        _rule(said.rule), about, said.subject, said.reason, place, {"known": _known(dossier) if dossier else said.subject},
        system=party.system_id if party else said.system_id, todo=said.todo,
    )  # fmt: skip


def _rule(rule: PartyRule) -> Rule:
    return Rule(rule.id, rule.severity, rule.title, "", "")


def _known(dossier: Dossier) -> list[str]:
    """What a decision on a party's warning rests on. Neither the day nor what the passing of days says of it: a decision
    would not outlast the night."""
    kept = (
        dossier.role, dossier.method, dossier.used, dossier.reports, dossier.letters, dossier.reviewed,
        dossier.handles_data, dossier.expected_controls, [due for due in dossier.dues if due.state in ("overdue", "skipped")],
    )  # fmt: skip
    return [repr(each) for each in kept]
