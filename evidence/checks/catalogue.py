"""The catalogue of checks, with every vendor's module loaded. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module

from .base import REGISTRY, Check

VENDORS = ("aws", "github", "okta", "push")


@cache
def load() -> dict[str, Check]:
    """Every check by id, loading the vendors' modules once."""
    for vendor in VENDORS:
        import_module(f"evidence.checks.{vendor}")
    return REGISTRY


#: What tells of the checks that an organisation wrote itself: those of the room that one stands in, by id.
Source = Callable[[], Mapping[str, Check]]
OWN = "custom."
_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Let checks of one's own be found beside the shipped ones. All their ids begin with `custom.`."""
    if source not in _sources:
        _sources.append(source)


def own_checks() -> dict[str, Check]:
    """The checks that the organisation wrote itself, by id."""
    return {id: check for source in _sources for id, check in source().items()}


def get(id: str) -> Check | None:
    return own_checks().get(id) if id.startswith(OWN) else load().get(id)


def all_checks() -> list[Check]:
    """Every check, by id."""
    return sorted([*load().values(), *own_checks().values()], key=lambda check: check.id)


def checks_of(vendor: str) -> list[Check]:
    """The checks of a vendor, by id."""
    return [check for check in all_checks() if check.vendor == vendor]


def fact_kinds(ids: Iterable[str]) -> list[str]:
    """The fact kinds that the named checks read, in order; the house's own (`org.*`) are evidence of nothing by themselves."""
    found = [kind for id in ids if (check := get(id)) for kind in check.facts if not kind.startswith("org.")]
    return sorted(set(found))


def unknown_ids(ids: Iterable[str]) -> list[str]:
    """Those ids that no check has."""
    return [id for id in ids if get(id) is None]
