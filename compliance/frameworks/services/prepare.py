"""What a file would do if it were loaded: read, held against what is there, and nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from compliance.tenancy.ids import NIL

from ..difference import Difference
from ..intake.editions import without_withdrawn
from ..intake.library import Choice, Edition, Entry, Fault, Library, Options
from ..intake.read import read
from ..intake.resolve import resolve
from ..intake.tree import depths_of
from ..models import Framework, Requirement
from ..selectors import framework_meant, framework_titled, own_version, predecessor
from .load import compare, other_content
from .relate import Related, resolved


@dataclass
class Plan:
    """One framework of a file: `before` is the version whose place it would take, `is_there` whether it is loaded as it is."""

    edition: Edition
    is_there: bool = False
    before: Framework | None = None
    difference: Difference | None = None

    @property
    def first_rows(self) -> list[tuple[Entry, int]]:
        """The beginning of its tree, each row with its depth, to see whether it was read rightly."""
        depths = depths_of(self.edition.entries)
        return [(entry, depths[entry.ref] - 1) for entry in self.edition.entries[:40]]

    @property
    def points(self) -> int:
        return sum(len(entry.points) for entry in self.edition.entries)


@dataclass
class Prepared:
    """A file as it would be loaded. It can be where it has no faults."""

    library: Library
    plans: list[Plan] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)

    @property
    def faults(self) -> Sequence[Fault]:
        return self.library.faults


def prepare(
    *,
    content: bytes,
    name: str,
    options: Options | None = None,
    catalogue: Framework | None = None,
    follows: Framework | None = None,
) -> Prepared:
    """Read a file against what the room has. `catalogue` is what a profile chooses from, where its link does not tell."""
    options = options or Options()
    library = read(content, name, options)
    if library.profile is not None and not library.faults:
        found = [_catalogue_of(choice, catalogue) for choice in library.profile.choices]
        resolve(library.profile, found, library, options)
    known = frozenset(_csf_refs()) if any("C" in edition.title for edition in library.editions) else frozenset()
    if known:
        library.editions = [without_withdrawn(edition, known, library) for edition in library.editions]
    prepared = Prepared(library)
    if follows is not None and len(library.editions) != 1:
        library.fault(
            "", "A file with one framework can take the place of another; this one has another number of them."
        )
    for edition in library.editions:
        prepared.plans.append(_plan(edition, follows, library))
    prepared.related = [resolved(pairs) for pairs in library.pair_sets]
    return prepared


def _plan(edition: Edition, follows: Framework | None, library: Library) -> Plan:
    there = own_version(edition.key, edition.version)
    if there is not None:
        difference = compare(there, edition)
        if not difference.is_empty:
            library.fault("", other_content(there))
        return Plan(edition, is_there=difference.is_empty, before=there, difference=difference)
    before = follows or predecessor(edition.key, edition.external_id)
    return Plan(edition, before=before, difference=compare(before, edition) if before else None)


def _csf_refs() -> list[str]:
    """The refs of the official list of NIST CSF 2.0, which is shipped."""
    shipped = Requirement.objects.filter(organization_id=NIL, framework__key="nist-csf-2.0")
    return list(shipped.values_list("ref", flat=True))


def _catalogue_of(choice: Choice, given: Framework | None) -> Edition | None:
    """The catalogue that one import of a profile means: the one that was named, else one that is called as its link."""
    found = given
    for name in (choice.href.removeprefix("#"), *choice.names):
        last = name.rpartition("/")[2]
        found = (
            found
            or framework_meant(name)
            or framework_titled(last.rpartition(".")[0] or last)
            or framework_titled(name)
        )
    return edition_of(found) if found else None


def edition_of(framework: Framework) -> Edition:
    """A framework that is loaded, as if it had been read."""
    rows = Requirement.objects.filter(framework=framework).select_related("parent").order_by("position")
    return Edition(
        key=framework.key, title=framework.title, short_title=framework.short_title, version=framework.version,
        publisher=framework.publisher, licence_note=framework.licence_note, external_id=framework.external_id,
        complete=framework.all_clauses_loaded, entries=tuple(_entry(row) for row in rows),
    )  # fmt: skip


def _entry(row: Requirement) -> Entry:
    return Entry(
        ref=row.ref, title=row.title, text=row.text, parent=row.parent.ref if row.parent else None,
        assessable=row.assessable, level=row.level, category=row.category, series=row.series, theme=row.theme,
        external_id=row.external_id, frequency=row.frequency, attributes=row.attributes,
    )  # fmt: skip
