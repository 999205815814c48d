"""Which periods coverage is asked for: the floors above say, and this room hands it on (docs/decisions, registries)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compliance.tenancy.contributors import Contributors

from .coverage import Span


@dataclass(frozen=True)
class Period:
    """An observation period, and whose it is."""

    name: str
    span: Span


Provider = Callable[[], Iterable[Period]]
_providers: Contributors[Provider] = Contributors()


def register(name: str, provider: Provider) -> None:
    """Name a source of periods."""
    _providers.register(name, provider)


def periods() -> list[Period]:
    """Every period under way, the one that began first at the head."""
    return sorted((period for provider in _providers for period in provider()), key=lambda each: each.span.first)


def main_period() -> Period | None:
    """The period that warnings speak of where nobody names one."""
    return next(iter(periods()), None)
