"""What each control bears: the requirements in scope that rest on it, and those that nothing holds up any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes, requirements_in_scope, share_a_day
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.compensating import operating
from controls.models import Control, Implementation, Mapping
from controls.operating import retired_days
from controls.reach import Reach
from evidence.coverage.terms import period_of

from .areas import area_of
from .standing_cause import Wanted


class Bearing:
    """Read once for a reconcile: controls by id, the requirements that each alone holds, those that none holds.

    `retired_on`: the day on which a control was retired that stood on a day of a period under way (of any, where no
    programme has one). It holds nothing any more, and what lies in the days on which it stood is as grave as if it did.
    """

    def __init__(self) -> None:
        self.programmes = list(open_programmes())
        refs: dict[UUID, str] = {}
        asking: dict[UUID, list[Programme]] = defaultdict(list)
        self.area: dict[str, str] = {}
        for programme in self.programmes:
            for requirement in requirements_in_scope(programme):
                refs[requirement.pk] = requirement.ref
                asking[requirement.pk].append(programme)
                self.area.setdefault(requirement.ref, area_of(requirement))
        self._place = {ref: place for place, ref in enumerate(self.area)}
        known = list(Control.objects.select_related("standing", "owner"))
        periods = [period.span for each in self.programmes if (period := period_of(each))]
        self.retired_on = {
            id: day for id, day in retired_days(known).items() if share_a_day(date.min, day - timedelta(days=1), periods)
        }
        used = [each for each in known if each.implementation != Implementation.RETIRED or each.pk in self.retired_on]
        self.controls = {control.pk: control for control in used}
        self._zone = ZoneInfo(here().timezone)
        self._compensated = set(operating(today(here().timezone)).values_list("control_id", flat=True))
        reach = Reach()
        holders: dict[UUID, list[UUID]] = defaultdict(list)
        mappings = Mapping.objects.filter(requirement_id__in=list(refs)).values_list("requirement_id", "control_id")
        for requirement_id, control_id in mappings:
            applies = any(reach.counts(control_id, programme) for programme in asking[requirement_id])
            if control_id in self.controls and applies:
                holders[requirement_id].append(control_id)
        self.only: dict[UUID, list[str]] = defaultdict(list)
        self.fallen: dict[UUID, list[str]] = defaultdict(list)
        self.refs_of: dict[UUID, list[str]] = defaultdict(list)
        for requirement_id, ids in holders.items():
            self._weigh(refs[requirement_id], ids)

    def in_order(self, refs: Iterable[str]) -> list[str]:
        """References once each, those in scope first, in the order of the programmes and their publishers."""
        last = len(self._place)
        return sorted(dict.fromkeys(refs), key=lambda ref: (self._place.get(ref, last), ref))

    def in_scope(self, refs: Iterable[str]) -> list[str]:
        """Those of the references that some programme under way is asked, in order."""
        return [ref for ref in self.in_order(refs) if ref in self._place]

    def bears_on(self, wanted: Wanted) -> list[UUID]:
        """The controls that a cause bears on: those in use, and those that stood when it began."""
        began = wanted.began or (wanted.since or wanted.facts_at).astimezone(self._zone).date()
        known = [id for id in wanted.control_ids if id in self.controls]
        return [id for id in known if id not in self.retired_on or began < self.retired_on[id]]

    def _weigh(self, ref: str, ids: list[UUID]) -> None:
        """What rests on each holder: on one that was retired what would, if it were still in use beside the others."""
        for id in ids:
            self.refs_of[id].append(ref)
        live = [id for id in ids if id not in self.retired_on]
        self._weigh_among(ref, live, live)
        for id in set(ids).difference(live):
            self._weigh_among(ref, [*live, id], [id])

    def _weigh_among(self, ref: str, holders: list[UUID], asked: list[UUID]) -> None:
        if len(holders) == 1 and asked:
            self.only[asked[0]].append(ref)
        keys = [id for id in holders if self.controls[id].key]
        if keys and all(self._fails(id) and id not in self._compensated for id in keys):
            for id in set(keys).intersection(asked):
                self.fallen[id].append(ref)

    def _fails(self, id: UUID) -> bool:
        standing = getattr(self.controls[id], "standing", None)
        return standing is not None and standing.operation in {"fail", "excepted"}  # an exception changes no severity

    def period_end(self) -> date | None:
        """The end of the period, or the as-of date, that comes first among the open programmes."""
        ends = [programme.period_end or programme.as_of for programme in self.programmes]
        return min((end for end in ends if end), default=None)

    def period_start(self) -> date | None:
        return min((programme.period_start for programme in self.programmes if programme.period_start), default=None)

    def primary(self, ids: Iterable[UUID]) -> Control | None:
        """Of the controls that a gap bears on, the one that the most rests on."""
        present = [self.controls[id] for id in ids if id in self.controls]
        return min(
            present, key=lambda c: (-len(self.only[c.pk]), -len(self.fallen[c.pk]), not c.key, c.ref), default=None
        )
