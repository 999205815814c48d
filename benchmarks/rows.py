"""One line of the result: a figure, what we aim for, and whether it is met. A miss is said, never left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`value` None: not measured, and `note` says why. `at_least`: more is better, else less is. No aim: told only."""

    subject: str
    what: str
    value: float | None
    unit: str
    aim: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The figure over its aim."""
        return None if self.value is None or not self.aim else self.value / self.aim

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "skipped" if self.note.startswith("skipped") else "ERROR"
        if self.aim is None:
            return ""
        return "met" if (self.value >= self.aim if self.at_least else self.value <= self.aim) else "MISSED"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio, "verdict": self.verdict}


def table(figures: list[Figure]) -> str:
    """The figures in columns, and how many are met at the end."""
    lines = [f"{'subject':<27} {'what':<30} {'figure':>12} {'aim':>14} {'ratio':>6}  verdict", "-" * 100]
    subject = ""
    for figure in figures:
        lines.append(_line(figure, figure.subject if figure.subject != subject else ""))
        subject = figure.subject
    counts = {verdict: sum(f.verdict == verdict for f in figures) for verdict in ("met", "MISSED", "skipped", "ERROR")}
    lines += ["-" * 100, ", ".join(f"{count} {verdict}" for verdict, count in counts.items())]
    return "\n".join(lines)


def _line(figure: Figure, subject: str) -> str:
    value = "–" if figure.value is None else f"{_short(figure.value)} {figure.unit}"
    aim = "" if figure.aim is None else f"{'≥' if figure.at_least else '≤'} {_short(figure.aim)} {figure.unit}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    end = f"  ({figure.note})" if figure.note else ""
    return f"{subject:<27} {figure.what:<30} {value:>12} {aim:>14} {ratio:>6}  {figure.verdict}{end}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
