"""Why a control is not ready, each missing part named (definitions, Readiness b to e), with the place where it is put right.

Pure over given rows, but for the room, whose address the places begin with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from compliance.tenancy.rooms import here

from .lacks import lacks_of
from .models import Control, Design, Implementation, Standing

_LACKS = {
    "owner": ("Nobody is named as its owner.", "stated", "id_owner"),
    "frequency": ("It does not say how often it is done.", "stated", "id_frequency"),
    "test procedure": ("No test other than an inquiry says how it is tested.", "tests", "tests"),
    "population": ("It is tested by sample, and no population is named to draw from.", "population", "id_population"),
}
_OPERATION = {
    "unknown": ("unknown", "Whether it operates could not be looked at."),
    "excepted": ("excepted", "Something of it is excepted."),
    "not_observed": ("not_assessed", "Nothing has shown yet that it operates."),
    "not_applicable": ("not_assessed", "Its checks found nothing to look at: nothing shows that it operates."),
}


@dataclass(frozen=True)
class Reason:
    """One thing that stands in the way: the state it is shown in, the sentence, the part of the control's page that tells
    more, and where it is put right. `guarded`: only who may change controls gets there."""

    state: str
    text: str
    part: str
    url: str = ""
    guarded: bool = False


def why_not_ready(control: Control, standing: Standing | None) -> list[Reason]:
    """Every reason that this floor can see, the ones that only work can cure first. Empty: ready."""
    places = _Places(control)
    return [
        *_stated(control, standing, places), *_concluded(control, places), *_operating(standing, places),
        *_gaps(standing, places),
    ]  # fmt: skip


class _Places:
    """Where each part of a control is put right."""

    def __init__(self, control: Control) -> None:
        self._ref, self._at = control.ref, [here().slug, control.pk]

    def form(self, anchor: str) -> str:
        return f"{reverse('controls:change', args=self._at)}#{anchor}"

    def page(self, part: str) -> str:
        return f"{reverse('controls:control', args=self._at)}#{part}"

    def evidence(self, state: str = "") -> str:
        """What it must show; of one freshness, the list that holds it."""
        if not state:
            return reverse("evidence:of_control", args=self._at)
        return f"{reverse('evidence:list', args=self._at[:1])}?control={self._ref}&state={state}"

    def ask_for_evidence(self) -> str:
        return reverse("evidence:add_requirement", args=self._at)

    def gap(self, standing: Standing) -> str:
        if standing.top_gap_id is None:
            return f"{reverse('gaps:list', args=self._at[:1])}?control={self._ref}"
        return reverse("gaps:detail", args=[self._at[0], standing.top_gap_id])


def _stated(control: Control, standing: Standing | None, places: _Places) -> Iterator[Reason]:
    if control.implementation == Implementation.PLANNED:
        yield Reason("planned", "It is planned, and not in place.", "stated", places.form("id_implementation"), True)
    if control.implementation == Implementation.PARTLY:
        yield Reason("partly", "It is in place in part only.", "stated", places.form("id_implementation"), True)
    for word in lacks_of(control):
        text, part, anchor = _LACKS[word]
        yield Reason("missing", text, part, places.form(anchor), True)
    if standing and "evidence requirement" in standing.missing:
        yield Reason("missing", "Nothing is asked of it as evidence.", "evidence", places.ask_for_evidence(), True)


def _concluded(control: Control, places: _Places) -> Iterator[Reason]:
    place = places.page("design")
    if control.design == Design.NOT_ASSESSED:
        yield Reason("not_assessed", "Nobody has concluded that its design is suitable.", "design", place)
    elif control.design == Design.UNSUITABLE:
        yield Reason("fail", "Its design was concluded to be not suitable.", "design", place)
    elif control.design_by_id is None:
        yield Reason("not_assessed", "Who concluded on its design is not known here any more.", "design", place)
    elif control.owner_id is not None and control.design_by_id == control.owner_id:
        yield Reason(
            "not_assessed", "Its design was concluded on by the person who owns it now. Somebody else has to.", "design", place
        )
    if control.tested_by_sample and control.population and control.population_confirmed_at is None:
        text = "Nobody has confirmed that its population is complete."
        yield Reason("not_assessed", text, "population", places.page("population"))


def _operating(standing: Standing | None, places: _Places) -> Iterator[Reason]:
    if standing is None:
        yield Reason("not_assessed", "Its evidence has not been looked at yet.", "evidence", places.evidence())
        return
    if standing.operation == "fail":
        failing = standing.operation_counts.get("fail", 0)
        text = f"{failing} of its checks fail." if failing > 1 else "One of its checks fails."
        yield Reason("fail", text, "evidence", places.evidence())
    elif standing.operation in _OPERATION:
        state, text = _OPERATION[standing.operation]
        yield Reason(state, text, "evidence", places.evidence())
    yield from _shown(standing, places)
    yield from _over_the_period(standing, places)


def _shown(standing: Standing, places: _Places) -> Iterator[Reason]:
    for freshness, word in (("missing", "missing"), ("stale", "stale"), ("not_yet_due", "not due yet")):
        if number := standing.evidence_counts.get(freshness, 0):
            noun = "piece of evidence is" if number == 1 else "pieces of evidence are"
            yield Reason(freshness, f"{number} {noun} {word}.", "evidence", places.evidence(freshness))
    if number := standing.unapproved:
        noun = "piece of evidence waits" if number == 1 else "pieces of evidence wait"
        yield Reason("due", f"{number} {noun} for somebody else’s approval.", "evidence", places.evidence())


def _over_the_period(standing: Standing, places: _Places) -> Iterator[Reason]:
    sums = standing.coverage.get("sums", {})
    for state, word in (("missed", "missed"), ("unknown", "not looked at")):
        if number := sums.get(state, 0):
            noun = "interval of the period was" if number == 1 else "intervals of the period were"
            yield Reason(state, f"{number} {noun} {word}.", "coverage", places.evidence())
    if sums and not sums.get("filled", 0) and not sums.get("late", 0):
        yield Reason("not_yet_due", "No interval of the period is filled yet.", "coverage", places.evidence())


def _gaps(standing: Standing | None, places: _Places) -> Iterator[Reason]:
    if standing and standing.open_gaps and standing.worst_gap in {"critical", "significant"}:
        text = f"A {standing.worst_gap} gap is open: {standing.top_gap_ref}."
        yield Reason("fail", text, "gaps", places.gap(standing))
