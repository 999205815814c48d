"""What closes a gap: evidence newer than what it stands on. That nothing can be seen any more proves nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from compliance.web.words import day
from controls.models import Implementation
from evidence.collectors.models import Connection, KindState
from evidence.coverage.models import Coverage
from evidence.coverage.strips import read
from evidence.intervals import State
from evidence.judging.models import CheckState
from evidence.models import EvidenceRequirement, Freshness

from .models import Gap, Occurrence
from .populations import OF_LISTS, ListsProved
from .reviews import OF_REVIEWS, REMOVAL, answered
from .running_out import RUNS_OUT, read_again
from .wanted import CANNOT_LOOK, CHECK_FAILS, EXCEPTION, MISSED, NOT_FRESH

#: A failing check is answered by one that passes, or by a complete list in which nothing is left that it applies to.
#: An exception is no proof: it leaves the gap as it is (definitions, Gaps).
_PROVES = frozenset({"pass", "not_applicable"})
_TAKEN_AWAY = "It is no longer asked for: the evidence requirement was taken away."


class Proofs:
    """What the floors below say of the causes that no longer stand. Read once, whatever their number."""

    def __init__(self, gaps: Iterable[Gap]) -> None:
        found = list(gaps)
        connections = {gap.connection_id for gap in found if gap.connection_id}
        refs = [gap.subject.split(" ")[0] for gap in found if gap.rule in {NOT_FRESH, MISSED}]
        self._checks = {
            (state.connection_id, state.check_id): state
            for state in CheckState.objects.filter(connection__in=connections)
        }
        self._kinds = {
            (state.connection_id, state.fact_kind): state
            for state in KindState.objects.filter(connection__in=connections)
        }
        asked = EvidenceRequirement.objects.filter(ref__in=refs).select_related("control")
        self._requirements = {requirement.ref: requirement for requirement in asked}
        self._lists = ListsProved([gap.subject for gap in found if gap.rule in OF_LISTS])
        self._named: dict[UUID, list[str]] = defaultdict(list)
        blind = [gap for gap in found if gap.rule == CANNOT_LOOK]
        for row in Occurrence.objects.filter(gap__in=blind, gone_at__isnull=True):
            self._named[row.gap_id].append(row.resource)

    def of(self, gap: Gap) -> str | None:
        """The sentence that says why a gap is closed; None while nothing newer shows that it is."""
        if gap.connection is not None and gap.connection.retired_at is not None:
            return _source_retired(gap.connection)
        if gap.rule == CHECK_FAILS:
            return self._passes(gap)
        if gap.rule == CANNOT_LOOK:
            return self._could_look(gap)
        if gap.rule == MISSED:
            return self._filled(gap)
        if gap.rule == EXCEPTION:
            return f"{gap.subject} lies outside every observation period under way; its exception stays recorded there."
        if gap.rule == RUNS_OUT:
            return self._read_in_time(gap)
        if gap.rule in (*OF_REVIEWS, REMOVAL):
            return answered(gap.rule, gap.subject)
        if gap.rule in OF_LISTS:
            return self._lists.of(gap.rule, gap.subject, gap.facts_at)
        return self._fresh(gap) if gap.rule == NOT_FRESH else None

    def _read_in_time(self, gap: Gap) -> str | None:
        state = self._kinds.get((gap.connection_id, gap.subject)) if gap.connection_id else None
        return read_again(state) if state and state.last_good_at and state.last_good_at > gap.facts_at else None

    def _passes(self, gap: Gap) -> str | None:
        state = self._checks.get((gap.connection_id, gap.subject)) if gap.connection_id else None
        if state is None or state.outcome not in _PROVES or state.facts_at <= gap.facts_at:
            return None
        word = "passes" if state.outcome == "pass" else "finds nothing left that it applies to"
        return f"{gap.subject} {word} on facts of {_moment(state.facts_at)}."

    def _could_look(self, gap: Gap) -> str | None:
        """Everything that it named has been read since. What could not be read for another reason is still not read."""
        if gap.connection is None or not gap.connection.active:
            return None
        looks = [self._looked(gap.connection.pk, name) for name in self._named[gap.pk]]
        read = [at for known, at in looks if known and at is not None]
        if not read or len(read) < sum(known for known, _ in looks) or min(read) <= gap.facts_at:
            return None
        return f"Everything that it named could be read again, last on {_moment(max(read))}."

    def _looked(self, connection_id: UUID, name: str) -> tuple[bool, datetime | None]:
        """Whether a fact kind or a check is still there, and when it was last read (None: it still cannot be)."""
        if kind := self._kinds.get((connection_id, name)):
            return True, None if kind.reason else kind.last_good_at
        if check := self._checks.get((connection_id, name)):
            return True, None if check.outcome == "unknown" else check.judged_at
        return False, None

    def _filled(self, gap: Gap) -> str:
        """Something dated in its days was brought after all, or no period under way expects it any more."""
        ref, _, first = gap.subject.partition(" ")
        requirement = self._requirements.get(ref)
        if requirement is None:
            return _TAKEN_AWAY
        if not first:
            return "Nothing of it is missed any more: it was filled with what had been performed, or no period expects it."
        for row in Coverage.objects.filter(requirement=requirement, programme__closed_at__isnull=True):
            for run in map(read, row.strip):
                if run.first.isoformat() <= first <= run.last.isoformat() and run.state in (State.FILLED, State.LATE):
                    by = f" by {run.ref} v{run.number}" if run.ref else ""
                    return f"It is filled{by}, with what was performed{f' on {day(run.performed)}' if run.performed else ' in its days'}."
        return "No observation period under way expects it any more; it stays an exception of the period that did."

    def _fresh(self, gap: Gap) -> str | None:
        requirement = self._requirements.get(gap.subject)
        if requirement is None:
            return _TAKEN_AWAY
        if requirement.control.implementation == Implementation.RETIRED:
            return self._retired(requirement)
        if requirement.freshness in {Freshness.STALE, Freshness.MISSING}:
            return None
        if requirement.freshness == Freshness.EVENT_DRIVEN:
            return "It is asked for on events now, and has no date to be late for."
        if requirement.freshness == Freshness.NOT_YET_DUE or requirement.effective_end is None:
            return "It is asked for later now, and is not due yet."
        return f"Newer evidence is there, of {day(requirement.effective_end.date())}."

    def _retired(self, requirement: EvidenceRequirement) -> str:
        """Freshness only looks forward, so it ends with its control; what was missed while that stood does not."""
        missed = Coverage.objects.filter(requirement=requirement, missed__gt=0, programme__closed_at__isnull=True).exists()
        stays = " What was missed while it was in use stays in the register." if missed else ""
        return f"It is no longer asked for: {requirement.control.ref} is retired.{stays}"


def _source_retired(connection: Connection) -> str:
    """A decision took it out of use, as one takes a control: with a reason, which stays beside the gap."""
    assert connection.retired_at is not None
    return f"{connection.name} was retired on {day(connection.retired_at.date())}: {connection.retired_reason}"


def _moment(at: datetime) -> str:
    return f"{day(at.date())}, {at:%H:%M} UTC"
