"""Why a control is not ready, each missing part named (definitions, Readiness b to e). Pure over given rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .models import Control, Design, Implementation, Standing

_LACKS = {
    "owner": ("Nobody is named as its owner.", "stated"),
    "frequency": ("It does not say how often it is done.", "stated"),
    "evidence requirement": ("Nothing is asked of it as evidence.", "evidence"),
    "test procedure": ("No test other than an inquiry says how it is tested.", "tests"),
    "population": ("It is tested by sample, and no population is named to draw from.", "population"),
}
_OPERATION = {
    "unknown": ("unknown", "Whether it operates could not be looked at."),
    "excepted": ("excepted", "Something of it is excepted."),
    "not_observed": ("not_assessed", "Nothing has shown yet that it operates."),
    "not_applicable": ("not_assessed", "Its checks found nothing to look at: nothing shows that it operates."),
}


@dataclass(frozen=True)
class Reason:
    """One thing that stands in the way: the state it is shown in, the sentence, where the page tells more."""

    state: str
    text: str
    part: str


def why_not_ready(control: Control, standing: Standing | None) -> list[Reason]:
    """Every reason that this floor can see, the ones that only work can cure first. Empty: ready."""
    return [*_stated(control, standing), *_concluded(control), *_operating(standing), *_gaps(standing)]


def _stated(control: Control, standing: Standing | None) -> Iterator[Reason]:
    if control.implementation == Implementation.PLANNED:
        yield Reason("planned", "It is planned, and not in place.", "stated")
    if control.implementation == Implementation.PARTLY:
        yield Reason("partly", "It is in place in part only.", "stated")
    for word in standing.missing if standing else ():
        text, part = _LACKS.get(word, (f"It lacks: {word}.", "stated"))
        yield Reason("missing", text, part)


def _concluded(control: Control) -> Iterator[Reason]:
    if control.design == Design.NOT_ASSESSED:
        yield Reason("not_assessed", "Nobody has concluded that its design is suitable.", "design")
    elif control.design == Design.UNSUITABLE:
        yield Reason("fail", "Its design was concluded to be not suitable.", "design")
    elif control.owner_id is not None and control.design_by_id == control.owner_id:
        yield Reason(
            "not_assessed", "Its design was concluded on by the person who owns it now. Somebody else has to.", "design"
        )
    if control.tested_by_sample and control.population and control.population_confirmed_at is None:
        yield Reason("not_assessed", "Nobody has confirmed that its population is complete.", "population")


def _operating(standing: Standing | None) -> Iterator[Reason]:
    if standing is None:
        yield Reason("not_assessed", "Its evidence has not been looked at yet.", "evidence")
        return
    if standing.operation == "fail":
        failing = standing.operation_counts.get("fail", 0)
        yield Reason(
            "fail", f"{failing} of its checks fail." if failing > 1 else "One of its checks fails.", "evidence"
        )
    elif standing.operation in _OPERATION:
        state, text = _OPERATION[standing.operation]
        yield Reason(state, text, "evidence")
    counts = standing.evidence_counts
    for freshness, word in (("missing", "missing"), ("stale", "stale")):
        if number := counts.get(freshness, 0):
            noun = "piece of evidence is" if number == 1 else "pieces of evidence are"
            yield Reason(freshness, f"{number} {noun} {word}.", "evidence")
    missed = standing.coverage.get("sums", {}).get("missed", 0)
    if missed:
        noun = "interval of the period was" if missed == 1 else "intervals of the period were"
        yield Reason("missed", f"{missed} {noun} missed.", "coverage")


def _gaps(standing: Standing | None) -> Iterator[Reason]:
    if standing and standing.open_gaps and standing.worst_gap in {"critical", "significant"}:
        yield Reason("fail", f"A {standing.worst_gap} gap is open: {standing.top_gap_ref}.", "gaps")
