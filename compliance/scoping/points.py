"""The points of a check list: each is settled by a fact where facts can tell, else by a person's word with name and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from .above import collected, named
from .models import Answer, CheckList, PointKind


@dataclass(frozen=True)
class Point:
    """One point. `holds` None: the facts that would tell are not there, and nobody has said. `by_fact`: no word is needed.

    `asks` is what a person may say: `day`, `reason`, or nothing where only the fact settles it.
    """

    kind: PointKind
    holds: bool | None
    said: str
    by_fact: bool = False
    asks: str = ""
    answer: Answer | None = None
    place: tuple[str, UUID | None] = ("", None)

    @property
    def state(self) -> str:
        return "unknown" if self.holds is None else "pass" if self.holds else "missing"


def points_of(lists: Sequence[CheckList]) -> dict[UUID, list[Point]]:
    """The points of several check lists, by id, in a fixed number of queries."""
    systems = [each.system for each in lists]
    naming, looked = named.ask(systems), collected.ask(systems)
    answers: dict[tuple[UUID, str], Answer] = {}
    for answer in Answer.objects.filter(check_list__in=lists).order_by("id"):
        answers[answer.check_list_id, answer.point] = answer
    return {each.pk: _points(each, naming, looked, answers) for each in lists}


def lacking(points: Sequence[Point]) -> tuple[str, ...]:
    """The points that do not hold, as a sentence names them."""
    return tuple(_SHORT[point.kind] for point in points if point.holds is not True)


_SHORT = {
    PointKind.OWNER: "an owner", PointKind.CONTROLS: "controls that name it", PointKind.EVIDENCE: "evidence collected from it",
    PointKind.START: "the day from which controls operate on it",
}  # fmt: skip


def _points(
    listed: CheckList, naming: Mapping[UUID, Sequence[str]] | None, looked: Mapping[UUID, date] | None,
    answers: Mapping[tuple[UUID, str], Answer],
) -> list[Point]:  # fmt: skip
    system = listed.system
    owner = system.owner.name if system.owner else ""
    refs = tuple(naming.get(system.pk, ())) if naming is not None else ()
    seen = looked.get(system.pk) if looked is not None else None
    return [
        Point(
            PointKind.OWNER, bool(owner), f"{owner} owns it." if owner else "Nobody is named.", by_fact=bool(owner),
            place=("registers:change", system.pk),
        ),
        _told(
            PointKind.CONTROLS, answers.get((listed.pk, PointKind.CONTROLS)), bool(refs),
            f"Named by {', '.join(refs)}." if refs else "No control names it." if naming is not None
            else "Which systems a control covers is not known.", known=naming is not None,
        ),
        _told(
            PointKind.EVIDENCE, answers.get((listed.pk, PointKind.EVIDENCE)), seen is not None,
            f"Last collected from on {seen:%-d %b %Y}." if seen else "Nothing was collected from it."
            if looked is not None else "What is collected is not known.", known=looked is not None,
        ),
        _started(answers.get((listed.pk, PointKind.START))),
    ]  # fmt: skip


def _told(kind: PointKind, answer: Answer | None, fact: bool, said: str, *, known: bool) -> Point:
    if fact:
        return Point(kind, True, said, by_fact=True, answer=answer, asks="reason")
    holds = True if answer else False if known else None
    return Point(kind, holds, said, answer=answer, asks="reason")


def _started(answer: Answer | None) -> Point:
    said = f"From {answer.day:%-d %b %Y}." if answer and answer.day else "Nobody has stated it, and no fact tells."
    return Point(PointKind.START, bool(answer), said, answer=answer, asks="day")
