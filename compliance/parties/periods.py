"""Which periods coverage is asked for: the floors above say, and this room hands it on (docs/decisions, registries)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .coverage import Span


@dataclass(frozen=True)
class Period:
    """An observation period, and whose it is."""

    name: str
    span: Span


Provider = Callable[[], Iterable[Period]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Name a source of periods; the same name again replaces it."""
    _providers[name] = provider


def periods() -> list[Period]:
    """Every period under way, the one that began first at the head."""
    return sorted(
        (period for name in sorted(_providers) for period in _providers[name]()), key=lambda each: each.span.first
    )


def main_period() -> Period | None:
    """The period that warnings speak of where nobody names one."""
    return next(iter(periods()), None)
