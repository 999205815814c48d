"""The rules on programmes: their categories, what was promised, and other frameworks. Pure functions of the facts."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.commitments.models import Promise

from .catalogue import ANOTHER_FRAMEWORK, PROMISE_WITHOUT, UNSUPPORTED, Found
from .facts import RoomFacts

_MOST_NAMED = 12


def unsupported(room: RoomFacts) -> Iterator[Found]:
    """SCO-10: of each category chosen beyond the common criteria."""
    for programme in room.programmes:
        if programme.support is None:
            continue
        for category in programme.categories:
            support = programme.support.get(category)
            if support is None or not support.lacking:
                continue
            have = support.criteria - len(support.lacking)
            yield Found(
                UNSUPPORTED, f"{category}:{programme.id}", f"{_label(category)} in {programme.name}",
                f"{have} of {support.criteria} criteria of {_label(category).lower()} have a control with evidence. Without: "
                f"{_some(support.lacking)}.",
                ("programmes:change", programme.id, ""), {"lacking": sorted(support.lacking)}, programme=programme.id,
            )  # fmt: skip


def unchosen(room: RoomFacts) -> Iterator[Found]:
    """SCO-11: of each programme that speaks of the services which a commitment is about."""
    for programme in room.programmes:
        if not programme.is_soc2:
            continue
        for promise in room.promises:
            if not promise.category or promise.category in programme.categories or not programme.covers(promise.services):
                continue
            kind = Promise(promise.promise).label.lower()
            yield Found(
                PROMISE_WITHOUT, f"{promise.id}:{programme.id}", f"{promise.ref} in {programme.name}",
                f"{promise.ref} promises {kind}: “{_short(promise.text)}” {programme.name} is without "
                f"{_label(promise.category).lower()}.",
                ("programmes:change", programme.id, ""), {"promise": promise.promise, "category": promise.category},
                programme=programme.id,
            )  # fmt: skip


def another_framework(room: RoomFacts) -> Iterator[Found]:
    """SCO-13: cardholder data in what is not out of scope, with no PCI DSS programme under way."""
    if any(programme.is_pci for programme in room.programmes):
        return
    held = [each for each in room.systems.values() if "cardholder" in each.classes and not each.is_out]
    carried = [flow.ref for flow in room.flows if "cardholder" in flow.classes]
    refs = sorted([*(each.ref for each in held), *carried])
    if refs:
        yield Found(
            ANOTHER_FRAMEWORK, "pci-dss", "Cardholder data", f"Cardholder data is held or carried by {_some(refs)}, and no PCI "
            "DSS programme is under way.",
            ("registers:list", None, "holds=cardholder"), {"refs": refs},
        )  # fmt: skip


def _label(category: str) -> str:
    return category.replace("_", " ").capitalize()


def _some(refs: tuple[str, ...] | list[str]) -> str:
    more = len(refs) - _MOST_NAMED
    return ", ".join(refs[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:159].rstrip()}…"
