"""What a profile chooses, out of the catalogues that are at hand. Links are names to look for, never addresses to fetch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from .library import Choice, Edition, Entry, Library, Options, Profile
from .words import slug


def resolve(profile: Profile, catalogues: Sequence[Edition | None], library: Library, options: Options) -> None:
    """Put the chosen controls, with the groups above them, into `library` as an edition of its own.

    `catalogues` has one for each of the profile's choices. Ids that no catalogue has are faults, each by name.
    """
    entries: list[Entry] = []
    for choice, catalogue in zip(profile.choices, catalogues, strict=True):
        if catalogue is None:
            name = choice.names[0] if choice.names else choice.href
            library.fault(
                "imports", f"the catalogue “{name}” is not loaded. Load it first, or say which framework it is."
            )
            continue
        entries += _chosen(choice, catalogue, library)
    once = list({entry.ref: entry for entry in reversed(entries)}.values())[::-1]
    if library.faults:
        return
    if not any(entry.assessable for entry in once):
        library.fault("imports", "the profile chooses no control.")
        return
    title = options.title or profile.title
    library.editions.append(
        Edition(
            key=options.key or slug(title), title=title, short_title=title, version=options.version or profile.version,
            publisher=options.publisher or profile.publisher, licence_note="", external_id=profile.external_id,
            entries=tuple(once),
        )
    )  # fmt: skip


def _chosen(choice: Choice, catalogue: Edition, library: Library) -> list[Entry]:
    ids = {(entry.external_id or entry.ref): entry for entry in catalogue.entries}
    by_id = ids | {entry.ref: entry for entry in catalogue.entries if entry.ref not in ids}
    wanted = _wanted(choice, catalogue, by_id, library)
    dropped = {entry.ref for id in choice.without if (entry := by_id.get(id))}
    dropped |= {each.ref for each in catalogue.entries if _matches(each, choice.without_patterns)}
    kept = wanted - dropped
    above = {entry.ref: entry.parent for entry in catalogue.entries}
    shown = set(kept)
    for ref in kept:
        parent = above.get(ref)
        while parent is not None and parent not in shown:
            shown.add(parent)
            parent = above.get(parent)
    return [_as_chosen(entry, entry.ref in kept) for entry in catalogue.entries if entry.ref in shown]


def _wanted(choice: Choice, catalogue: Edition, by_id: Mapping[str, Entry], library: Library) -> set[str]:
    if choice.ids is None:
        return {entry.ref for entry in catalogue.entries if entry.assessable}
    missing = sorted((choice.ids | choice.without) - by_id.keys())
    if missing:
        more = f" and {len(missing) - 20} more" if len(missing) > 20 else ""
        library.fault("imports", f"{catalogue.title} has no {', '.join(missing[:20])}{more}.")
    wanted = {by_id[id].ref for id in choice.ids if id in by_id}
    wanted |= {entry.ref for entry in catalogue.entries if entry.assessable and _matches(entry, choice.patterns)}
    with_children = {by_id[id].ref for id in choice.with_children if id in by_id}
    for entry in catalogue.entries:
        if entry.parent in with_children:
            with_children.add(entry.ref)
            wanted.add(entry.ref)
    return wanted


def _matches(entry: Entry, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(entry.external_id or entry.ref, pattern) for pattern in patterns)


def _as_chosen(entry: Entry, is_chosen: bool) -> Entry:
    """A row that stands only because one below it was chosen groups, and is not assessed."""
    return entry if is_chosen or not entry.assessable else replace(entry, assessable=False)
