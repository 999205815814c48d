"""An evidence requirement as a row of the list. Set by one format string, as the rows of the matrix are (controls/rows.py)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from compliance.web.addresses import address_of
from compliance.web.states import person, state
from compliance.web.words import ref, when

from .models import EvidenceRequirement

_ROW = """\
<tr>
<th scope="row" class="any">{ref} {title}</th>
<td>{freshness}</td>
<td>{control}</td>
<td data-l="Owner">{owner}</td>
<td class="drop">{cadence}</td>
<td class="drop">{source}</td>
<td class="n" data-l="Until">{until}</td>
</tr>
"""


def rows_of(requirements: Iterable[EvidenceRequirement], slug: str) -> SafeString:
    """The rows of some requirements, with control and owners loaded, one after another."""
    return SafeString("".join(_row(each, slug) for each in requirements))


def _row(requirement: EvidenceRequirement, slug: str) -> SafeString:
    control = requirement.control
    return format_html(
        _ROW, ref=ref(requirement.ref, address_of("evidence:requirement", slug, requirement.pk)), title=requirement.title,
        freshness=state(requirement.freshness), owner=person(requirement.owner or control.owner),
        control=ref(control.ref, address_of("controls:control", slug, control.pk)),
        cadence=requirement.get_cadence_display() or "Not said", source=requirement.get_source_display(),
        until=when(requirement.stale_at, "date"),
    )  # fmt: skip
