"""A control as a row of the matrix. Set by plain strings: a template would look up a thousand names for fifty rows, and
`format_html` escape a thousand pieces of our own. What people wrote is escaped where it enters; addresses are made of
`reverse`, ids and quoted references, and escaped as attributes once a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from compliance.tenancy.ids import NIL
from compliance.web.blocks import severity
from compliance.web.charts.scale import Scale
from compliance.web.queries import changed
from compliance.web.states import state
from compliance.web.words import NONE, when

from .columns import Column
from .models import Control, Design, Frequency, Standing
from .strips import strip_of

_FREQUENCIES = dict(Frequency.choices)
_NIL = str(NIL)
_ON_EVENT = '<span class="faint">on event</span>'
#: A cell that leads somewhere has a link as large as a finger; `data-l` names it where the row is folded on a phone.
_ROW = """\
<tr{picked}>
<th scope="row"{current}><a class="ref" href="{beside}" hx-get="{beside}">{ref}</a>\
<a class="name" tabindex="-1" href="{beside}" hx-get="{beside}">{title}</a></th>
{cells}</tr>
"""
#: Where rows are edited: a tick for the bulk change, and the way into the row.
_CHANGE = """\
<td data-col="change"><label class="check"><input type="checkbox" name="controls" value="{ref}" form="many">\
<span class="sr">Tick {ref}</span></label> <a class="qt edits" href="{edit}" hx-get="{edit}">Edit<span class="sr"> {ref}</span></a></td>
"""
#: Labels of cells that say too little by themselves once a row is folded.
_NAMED = frozenset({"design", "operation", "evidence", "key", "implementation", "starts", "tests", "area"})


class Opened(NamedTuple):
    """The row that is being edited: its control, the criterion that it was opened under, and its form as a row."""

    ref: str
    under: str
    form: SafeString


class Rows:
    """Makes the rows of one page: what their addresses have in common is worked out once."""

    def __init__(
        self, slug: str, parameters: QueryDict, page: int, period: Scale | None, columns: Sequence[Column],
        *, editing: bool = False, opened: Opened | None = None,
    ) -> None:  # fmt: skip
        self.at, self.period = parameters.get("at", ""), period
        self.columns, self.editing, self.opened = columns, editing, opened
        self.rest = escape(changed(parameters, {"at": None, "edit": None, "under": None, "page": page}))
        others = changed(parameters, {"at": None, "edit": None, "under": None, "owner": None}).lstrip("?")
        self.others = escape(f"&{others}") if others else ""
        self.page, self.gap = _address("controls:control", slug, NIL), _address("gaps:detail", slug, NIL)
        self.evidence, self.gaps = _address("evidence:list", slug), _address("gaps:list", slug)
        self.shown = [self._cell(column) for column in columns]

    def of(self, controls: Iterable[Control], under: str = "") -> SafeString:
        """The rows of some controls under a criterion, one after another."""
        return SafeString(
            "".join(self._row(each, getattr(each, "standing", None) or Standing(), under) for each in controls)
        )

    def _row(self, control: Control, standing: Standing, under: str) -> str:
        open_here = control.ref == self.at
        row = _ROW.format(
            ref=escape(control.ref), title=escape(control.title), beside=f"{self.rest}&amp;at={quote(control.ref)}",
            picked=' class="picked"' if open_here else "", current=' aria-current="true"' if open_here else "",
            cells=self._cells(control, standing, under),
        )  # fmt: skip
        if self.opened and (self.opened.ref, self.opened.under) == (control.ref, under):
            return row + self.opened.form
        return row

    def _cells(self, control: Control, standing: Standing, under: str) -> str:
        change = self._change(control, under) if self.editing else ""
        return change + "".join([f"{begin}{show(control, standing)}</td>\n" for begin, show in self.shown])

    def _cell(self, column: Column) -> tuple[str, Callable[[Control, Standing], str]]:
        """How the cells of a column begin, and what shows one."""
        label = f' data-l="{escape(column.label)}"' if column.name in _NAMED else ""
        look = f' class="{column.look}"' if column.look else ""
        return f'<td data-col="{column.name}"{label}{look}>', getattr(self, f"_{column.name}")

    def _change(self, control: Control, under: str) -> str:
        edit = f"{self.rest}&amp;edit={quote(control.ref)}&amp;under={quote(under)}"
        return _CHANGE.format(ref=escape(control.ref), edit=edit)

    def _cadence(self, control: Control, standing: Standing) -> str:
        return _FREQUENCIES.get(control.frequency) or state("missing", "Not said")

    def _kind(self, control: Control, standing: Standing) -> str:
        return f"{control.get_nature_display()}, {control.get_kind_display().lower()}"

    def _key(self, control: Control, standing: Standing) -> str:
        return "Yes" if control.key else '<span class="faint">supports</span>'

    def _implementation(self, control: Control, standing: Standing) -> str:
        return state(control.implementation)

    def _starts(self, control: Control, standing: Standing) -> str:
        return when(control.starts_on)

    def _area(self, control: Control, standing: Standing) -> str:
        return escape(control.area) or NONE

    def _tests(self, control: Control, standing: Standing) -> str:
        """What the tester does, each procedure on its line."""
        lines = (
            f"<b>{escape(each.get('type', '').capitalize())}</b> {escape(each.get('text', ''))}"
            for each in control.test_procedures
        )
        return "<br>".join(lines) or state("missing", "None")

    def _design(self, control: Control, standing: Standing) -> str:
        word = "Not yet" if control.design == Design.NOT_ASSESSED else None
        return self._leading(f"{_at(self.page, control.pk)}#design", state(control.design, word))

    def _operation(self, control: Control, standing: Standing) -> str:
        return self._leading(f"{_at(self.page, control.pk)}#evidence", state(standing.operation))

    def _evidence(self, control: Control, standing: Standing) -> str:
        return self._leading(f"{self.evidence}?control={quote(control.ref)}", state(standing.evidence))

    @staticmethod
    def _leading(address: str, shown: SafeString) -> str:
        return f'<a class="qt" href="{address}">{shown}</a>'

    def _last(self, control: Control, standing: Standing) -> str:
        return when(standing.last_evidence_at, "short")

    def _review(self, control: Control, standing: Standing) -> str:
        return when(standing.last_review_at, "short")

    def _owner(self, control: Control, standing: Standing) -> str:
        if control.owner is None:
            return state("missing", "No owner")
        name = escape(control.owner.name)
        return f'<a href="?owner={control.owner_id}{self.others}" title="{name}">{name}</a>'

    def _coverage(self, control: Control, standing: Standing) -> str:
        drawn = strip_of(standing, self.period)
        return drawn or (_ON_EVENT if control.frequency == Frequency.ON_EVENT else NONE)

    def _gaps(self, control: Control, standing: Standing) -> str:
        """The first of its open gaps, and of how many."""
        if not standing.open_gaps:
            return ""
        first = severity(standing.worst_gap, standing.top_gap_ref, _at(self.gap, standing.top_gap_id))
        if standing.open_gaps == 1:
            return first
        every = f"{self.gaps}?control={quote(control.ref)}"
        return f'{first} <a class="qt faint nowrap others" href="{every}">of {standing.open_gaps}</a>'


def _at(address: str, pk: Any) -> str:
    """An address with the id of a row in the place of the nil id."""
    return address.replace(_NIL, str(pk), 1)


def _address(name: str, *arguments: Any) -> str:
    """An address of a floor above; empty where that floor does not have it."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
