"""The nine sections of a system description (DC 200), and what the registers give to each.

A contributor takes a programme and answers parts: figures and tables with facts, and lacks, each of which names what is
missing and where it is put right. Floors above register theirs in `AppConfig.ready` (decisions, 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from compliance.programmes.models import Programme, ProgrammeKind
from compliance.tenancy.contributors import Contributors
from compliance.web.documents.figures import Figure
from compliance.web.documents.parts import Table


@dataclass(frozen=True)
class Lack:
    """Something that a section still lacks: the sentence that says it, and the address where it is put right."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Part:
    """What a register gives to the section `key`: a figure, a table, or something that lacks. `order` places it in the
    section; figures stand before tables."""

    key: str
    order: int
    what: Figure | Table | Lack


@dataclass(frozen=True)
class Criterion:
    """A description criterion in our own words: what its section has to cover, and what the writer adds to the facts."""

    key: str
    title: str
    covers: str
    ask: str
    type_2_only: bool = False

    @property
    def label(self) -> str:
        return f"{self.key[:2]} {self.key[2:]}"


CRITERIA: tuple[Criterion, ...] = (
    Criterion("DC1", "Types of services provided", "The services that the report is about.",
              "Say what the organisation does, for whom, and how customers use each service."),
    Criterion("DC2", "Principal service commitments and system requirements",
              "What was promised to customers, in contracts and in law, and what the system must do to keep it.",
              "Say how commitments are made and told to customers, and how requirements follow from them."),
    Criterion("DC3", "Components of the system",
              "Infrastructure, software, people, procedures and data, with the boundary between in and out.",
              "Describe each component and the procedures by which the system is run, and what lies outside."),
    Criterion("DC4", "Incidents",
              "Incidents that came of failed controls, or broke a commitment: nature, timing, extent, disposition.",
              "Tell each disclosed incident, or say that there was none and how that is known."),
    Criterion("DC5", "Applicable criteria and related controls",
              "The criteria of the categories chosen, and the controls that meet them.",
              "Describe the control environment, risk assessment, monitoring, and information and communication."),
    Criterion("DC6", "Complementary user entity controls",
              "What customers must do themselves for the commitments to be kept, and the criteria it bears on.",
              "Say how customers are told of these controls; where there are none, say so."),
    Criterion("DC7", "Subservice organisations",
              "Who else’s controls are needed, by which method they are presented, and what is expected of them.",
              "Describe what each does for the service and how it is watched; where there is none, say so."),
    Criterion("DC8", "Criteria that are not relevant", "Which criteria do not apply to the system, and why.",
              "Explain what the reasons below rest on; where every criterion applies, say so."),
    Criterion("DC9", "Changes during the period", "What changed in the period and is relevant to a reader.",
              "Tell each disclosed change, or say that there was none.", type_2_only=True),
)  # fmt: skip
BY_KEY = {criterion.key: criterion for criterion in CRITERIA}

Contributor = Callable[[Programme], Iterable[Part]]
_contributors: Contributors[Contributor] = Contributors()


def register(name: str, contributor: Contributor) -> None:
    """Give parts to sections."""
    _contributors.register(name, contributor)


def criteria_for(programme: Programme) -> list[Criterion]:
    """The sections that a description of this programme has: DC 9 speaks of a period, so a Type I has none."""
    of_period = programme.kind == ProgrammeKind.SOC2_TYPE_2
    return [criterion for criterion in CRITERIA if of_period or not criterion.type_2_only]


@dataclass
class Given:
    """What the registers give to one section."""

    tables: list[Table] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def given_by_registers(programme: Programme) -> dict[str, Given]:
    """Tables and lacks by section, from every contributor. One that fails, fails the whole: a description that leaves
    something out must not look complete."""
    parts = [part for contributor in _contributors for part in contributor(programme)]
    found = {criterion.key: Given() for criterion in criteria_for(programme)}
    for part in sorted(parts, key=lambda part: part.order):
        if part.key not in found:
            continue
        if isinstance(part.what, Lack):
            found[part.key].lacks.append(part.what)
        elif isinstance(part.what, Figure):
            found[part.key].figures.append(part.what)
        elif part.what.rows:
            found[part.key].tables.append(part.what)
    return found


def lines_of(text: str, tables: Iterable[Table]) -> list[str]:
    """A section as lines, for comparing two of them."""
    told: list[str] = text.splitlines()
    for shown in tables:
        told += shown.lines()
    return told
