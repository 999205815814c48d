"""The checks that the organisation wrote itself, as the catalogue knows them."""

from __future__ import annotations

from collections.abc import Mapping

from compliance.tenancy.rooms import current
from evidence.checks.base import Check
from evidence.checks.cel.checking import made_of

from .models import CustomCheckVersion

_KEPT = "_own_checks"


def own_checks() -> Mapping[str, Check]:
    """The enabled ones of the room by id, read once for as long as one stands in it. Outside any room there are none."""
    room = current()
    if room is None:
        return {}
    kept: Mapping[str, Check] | None = room.__dict__.get(_KEPT)
    if kept is None:
        kept = {each.id: each for each in map(check_of, newest_versions())}
        room.__dict__[_KEPT] = kept
    return kept


def forget() -> None:
    """Read them anew: one of them was changed."""
    room = current()
    if room is not None:
        room.__dict__.pop(_KEPT, None)


def newest_versions(*, enabled: bool = True) -> list[CustomCheckVersion]:
    """The newest version of each check of one's own."""
    found = CustomCheckVersion.objects.select_related("custom_check").order_by("custom_check_id", "-number")
    if enabled:
        found = found.filter(custom_check__enabled=True)
    return sorted(found.distinct("custom_check_id"), key=lambda each: each.custom_check.slug)


def check_of(version: CustomCheckVersion) -> Check:
    """A version as a check that can be run."""
    return made_of(
        id=version.custom_check.check_id, version=version.number, title=version.title, noun=version.noun,
        severity=version.severity, criteria=version.criteria, annex_a=version.annex_a, fact_kind=version.fact_kind,
        expressions=expressions_of(version), why=version.why, remedy=version.remedy,
    )  # fmt: skip


def expressions_of(version: CustomCheckVersion) -> dict[str, str]:
    return {"passes": version.passes, "applies": version.applies, "resource": version.resource}
