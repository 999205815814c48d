"""A control as a row of the matrix. Set by one format string: a template would look up a thousand names for fifty rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from compliance.tenancy.ids import NIL
from compliance.web.blocks import severity
from compliance.web.charts.scale import Scale
from compliance.web.queries import changed
from compliance.web.states import state
from compliance.web.words import NONE, when

from .models import Control, Design, Frequency, Standing
from .strips import strip_of

_FREQUENCIES = dict(Frequency.choices)
_NIL = str(NIL)
_NOTHING = SafeString("")
_ON_EVENT = SafeString('<span class="faint">on event</span>')
#: A cell that leads somewhere has a link as large as a finger; `data-l` names it where the row is folded on a phone.
_ROW = """\
<tr{picked}>
<th scope="row"{current}><a class="ref" href="{beside}" hx-get="{beside}">{ref}</a>\
<a class="name" tabindex="-1" href="{beside}" hx-get="{beside}">{title}</a></th>
<td data-col="owner">{owner}</td>
<td data-col="cadence">{cadence}</td>
<td data-col="design" data-l="Design"><a class="qt" href="{page}#design">{design}</a></td>
<td data-col="operation" data-l="Operation"><a class="qt" href="{page}#evidence">{operation}</a></td>
<td data-col="evidence" data-l="Evidence"><a class="qt" href="{evidence_url}">{evidence}</a></td>
<td data-col="coverage" class="drop">{strip}</td>
<td data-col="last" class="n drop">{last}</td>
<td data-col="gaps">{gaps}</td>
</tr>
"""


class Rows:
    """Makes the rows of one page: what their addresses have in common is worked out once."""

    def __init__(self, slug: str, parameters: QueryDict, page: int, period: Scale | None) -> None:
        self.at, self.period = parameters.get("at", ""), period
        self.rest = changed(parameters, {"at": None, "page": page})
        self.others = changed(parameters, {"at": None, "owner": None}).lstrip("?")
        self.page, self.gap = _address("controls:control", slug, NIL), _address("gaps:detail", slug, NIL)
        self.evidence, self.gaps = _address("evidence:list", slug), _address("gaps:list", slug)

    def of(self, controls: Iterable[Control]) -> SafeString:
        """The rows of some controls, one after another."""
        return SafeString("".join(self._row(each, getattr(each, "standing", None) or Standing()) for each in controls))

    def _row(self, control: Control, standing: Standing) -> SafeString:
        open_here = control.ref == self.at
        return format_html(
            _ROW, ref=control.ref, title=control.title, beside=f"{self.rest}&at={quote(control.ref)}",
            picked=SafeString(' class="picked"') if open_here else "",
            current=SafeString(' aria-current="true"') if open_here else "", page=_at(self.page, control.pk),
            owner=self._owner(control), design=_design(control.design), operation=state(standing.operation),
            cadence=_FREQUENCIES.get(control.frequency) or state("missing", "Not said"), evidence=state(standing.evidence),
            evidence_url=f"{self.evidence}?control={quote(control.ref)}", strip=self._strip(control, standing),
            last=when(standing.last_evidence_at, "short"), gaps=self._gaps(control.ref, standing),
        )  # fmt: skip

    def _owner(self, control: Control) -> SafeString:
        if control.owner is None:
            return state("missing", "No owner")
        address = f"?owner={control.owner_id}&{self.others}".rstrip("&")
        return format_html('<a href="{}" title="{}">{}</a>', address, control.owner.name, control.owner.name)

    def _strip(self, control: Control, standing: Standing) -> SafeString:
        drawn = strip_of(standing, self.period)
        return drawn or (_ON_EVENT if control.frequency == Frequency.ON_EVENT else NONE)

    def _gaps(self, ref: str, standing: Standing) -> SafeString:
        """The first of its open gaps, and of how many."""
        if not standing.open_gaps:
            return _NOTHING
        first = severity(standing.worst_gap, standing.top_gap_ref, _at(self.gap, standing.top_gap_id))
        if standing.open_gaps == 1:
            return first
        every = f"{self.gaps}?control={quote(ref)}"
        return format_html('{} <a class="qt faint nowrap others" href="{}">of {}</a>', first, every, standing.open_gaps)


def _design(design: str) -> SafeString:
    return state(design, "Not yet") if design == Design.NOT_ASSESSED else state(design)


def _at(address: str, pk: Any) -> str:
    """An address with the id of a row in the place of the nil id."""
    return address.replace(_NIL, str(pk), 1)


def _address(name: str, *arguments: Any) -> str:
    """An address of a floor above; empty where that floor does not have it."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
