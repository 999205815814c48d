"""A gap as a row of the register. Set by one format string, as the rows of the matrix are (controls/rows.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from compliance.web.addresses import address_of
from compliance.web.blocks import severity
from compliance.web.queries import changed
from compliance.web.states import person, state
from compliance.web.words import NONE, day, ref, when

from .models import Gap, GapState

#: Of more criteria than these the rest is counted.
_FEW = 3
_NOTHING = SafeString("")
_ROW = """\
<tr>
<td class="n drop">{rank}</td>
<th scope="row" class="nowrap">{severity}{computed}</th>
<td class="full any"><a class="qt" href="{url}" tabindex="-1">{title}</a>{why}</td>
<td class="narrow"><span class="refs">{criteria}</span></td>
<td data-l="Control">{control}</td>
<td>{owner}{left}</td>
<td class="nowrap" data-l="Due">{due}</td>
<td>{state}{reopened}</td>
</tr>
"""


class Rows:
    """Makes the rows of one page; the address of each criterion is worked out once."""

    def __init__(self, slug: str, parameters: QueryDict, today: date) -> None:
        self.slug, self.parameters, self.today = slug, parameters, today
        self.criteria: dict[str, SafeString] = {}

    def of(self, gaps: Iterable[Gap]) -> SafeString:
        """The rows of some gaps, with owner and control loaded, one after another."""
        return SafeString("".join(self._row(gap) for gap in gaps))

    def _row(self, gap: Gap) -> SafeString:
        closed, url = gap.state == GapState.CLOSED, address_of("gaps:detail", self.slug, gap.pk)
        return format_html(
            _ROW, rank=gap.rank or NONE, severity=severity(gap.effective_severity, gap.ref, url), url=url, title=gap.title,
            computed=_below("computed {}", gap.severity) if gap.severity_override else _NOTHING, why=_why(gap, closed),
            criteria=self._criteria(gap), control=self._control(gap), owner=person(gap.owner),
            left=SafeString(f" {state('due', 'Has left')}") if gap.owner and gap.owner.ended_at else _NOTHING,
            due=self._due(gap, closed), state=state(gap.state, kind="gap"), reopened=_reopened(gap, closed),
        )  # fmt: skip

    def _criteria(self, gap: Gap) -> SafeString:
        if not gap.criteria:
            return NONE
        first = format_html_join("", "{} ", ((self._criterion(each),) for each in gap.criteria[:_FEW]))
        more = len(gap.criteria) - _FEW
        return first + format_html('<span class="muted small nowrap">and {} more</span>', more) if more > 0 else first

    def _criterion(self, name: str) -> SafeString:
        if name not in self.criteria:
            self.criteria[name] = ref(name, changed(self.parameters, {"criterion": name}))
        return self.criteria[name]

    def _control(self, gap: Gap) -> SafeString:
        if gap.control is None:
            return NONE
        return ref(gap.control.ref, address_of("controls:control", self.slug, gap.control_id))

    def _due(self, gap: Gap, closed: bool) -> SafeString:
        if gap.due_date and gap.due_date < self.today and not closed:
            return state("overdue", day(gap.due_date)) + SafeString('<span class="sr"> overdue</span>')
        return when(gap.due_date)


def _why(gap: Gap, closed: bool) -> SafeString:
    if closed:
        return _below("{}", gap.closing_note)
    return _below("{}", gap.reasons[0]) if gap.reasons else _NOTHING


def _below(words: str, said: str) -> SafeString:
    return format_html('<br><span class="small muted">{}</span>', format_html(words, said))


def _reopened(gap: Gap, closed: bool) -> SafeString:
    if closed or not gap.reopened_times:
        return _NOTHING
    return format_html('<br><span class="small muted nowrap">reopened {}×</span>', gap.reopened_times)
