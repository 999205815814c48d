"""A control as a row of the matrix: words and addresses, worked out once, so that the template only sets them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from compliance.web.charts.scale import Scale
from compliance.web.queries import changed

from .models import Control, Frequency, Standing
from .strips import strip_of

_FREQUENCIES = dict(Frequency.choices)


class Rows:
    """Makes rows for one page of one room: what their addresses have in common is worked out once."""

    def __init__(self, slug: str, parameters: QueryDict, page: int, period: Scale | None) -> None:
        self.slug, self.period = slug, period
        self.rest = changed(parameters, {"at": None, "page": page})
        self.others = changed(parameters, {"at": None, "owner": None}).lstrip("?")
        self.evidence, self.gaps = _address("evidence:list", slug), _address("gaps:list", slug)

    def of(self, controls: Iterable[Control]) -> list[dict[str, Any]]:
        return [self._row(each, getattr(each, "standing", None) or Standing()) for each in controls]

    def _row(self, control: Control, standing: Standing) -> dict[str, Any]:
        owner = control.owner
        return {
            "ref": control.ref, "title": control.title, "beside": f"{self.rest}&at={quote(control.ref)}",
            "page_url": reverse("controls:control", args=[self.slug, control.pk]),
            "owner": owner.name if owner else "", "owner_url": f"?owner={control.owner_id}&{self.others}".rstrip("&"),
            "frequency": control.frequency, "cadence": _FREQUENCIES.get(control.frequency, ""), "design": control.design,
            "operation": standing.operation, "evidence": standing.evidence,
            "evidence_url": f"{self.evidence}?control={quote(control.ref)}", "strip": strip_of(standing, self.period),
            "last": standing.last_evidence_at, **self._gap(control.ref, standing),
        }  # fmt: skip

    def _gap(self, ref: str, standing: Standing) -> dict[str, Any]:
        """The first of its open gaps, and how many there are; zero: none."""
        if not standing.open_gaps:
            return {"gaps": 0}
        return {
            "gaps": standing.open_gaps, "worst": standing.worst_gap, "gap": standing.top_gap_ref,
            "gap_url": _address("gaps:detail", self.slug, standing.top_gap_id),
            "gaps_url": f"{self.gaps}?control={quote(ref)}",
        }  # fmt: skip


def _address(name: str, *arguments: Any) -> str:
    """An address of a floor above; empty where that floor does not have it."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
