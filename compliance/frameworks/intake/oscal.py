"""OSCAL 1.1 catalogues and profiles, from JSON or YAML. Nothing that a file links to is fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from compliance.frameworks.oscal import PROPERTIES, ours

from .library import Choice, Edition, Library, Options, Point, Profile
from .prose import label_of, labels_of, part_text
from .tree import Node, entries_of, shaped
from .words import flag_of, listed, slug, text_of

_ROOTS = (
    "catalog", "profile", "component-definition", "system-security-plan", "assessment-plan", "assessment-results",
    "plan-of-action-and-milestones", "mapping-collection",
)  # fmt: skip
#: Classes of controls that only group others.
_GROUPING = frozenset({"category", "function", "family"})


def root_of(content: Any) -> str:
    """Which OSCAL model parsed content is; empty where it is none."""
    if not isinstance(content, Mapping):
        return ""
    return next((name for name in _ROOTS if isinstance(content.get(name), Mapping)), "")


def read_oscal(content: Mapping[str, Any], root: str, library: Library, options: Options) -> None:
    """Read an OSCAL document into `library`."""
    document = content[root]
    metadata = document.get("metadata")
    library.format = f"OSCAL {root}"
    if not isinstance(metadata, Mapping) or not text_of(metadata.get("title")):
        library.fault("metadata", "there is no title.")
        return
    library.title = text_of(metadata.get("title"))
    if root == "catalog":
        _catalog(document, metadata, library, options)
    elif root == "profile":
        _profile(document, metadata, library)
    else:
        library.fault(root, "this model of OSCAL holds no requirements; a catalog or a profile does.")


def publisher_of(metadata: Mapping[str, Any]) -> str:
    """The first party that the metadata names."""
    parties = [one for one in listed(metadata.get("parties")) if isinstance(one, Mapping)]
    return text_of(parties[0].get("name")) if parties else ""


def _catalog(document: Mapping[str, Any], metadata: Mapping[str, Any], library: Library, options: Options) -> None:
    walk = _Walk(library, [], labels_of(document.get("params")))
    walk.groups(document.get("groups"), "", "groups")
    walk.controls(document.get("controls"), "", "controls")
    if not walk.nodes and not library.faults:
        library.fault("catalog", "it has neither groups nor controls.")
    entries = entries_of(walk.nodes, library)
    if walk.ignored:
        library.notes.append(f"{walk.ignored} parts other than statement and guidance were passed over.")
    if document.get("back-matter"):
        library.notes.append("The back matter was passed over.")
    title, said = text_of(metadata.get("title")), {prop: ours(metadata.get("props"), prop) for prop in PROPERTIES}
    edition = Edition(
        key=options.key or said["key"] or slug(title), title=options.title or title,
        short_title=said["short-title"] or options.title or title,
        version=options.version or text_of(metadata.get("version")) or "1",
        publisher=options.publisher or publisher_of(metadata), licence_note=text_of(metadata.get("remarks")),
        external_id=text_of(document.get("uuid")), entries=tuple(entries),
        complete=flag_of(said["complete"] or "true") is not False,
    )  # fmt: skip
    library.editions.append(_in_stated_order(shaped(edition, options.guidance_depth or 0)))


def _in_stated_order(edition: Edition) -> Edition:
    """OSCAL lists groups before controls; a catalogue of ours says in which order its rows really stand."""
    places = [text_of(entry.attributes.get("_position")) for entry in edition.entries]
    plain = [replace(each, attributes=_without_position(each.attributes)) for each in edition.entries]
    if not all(place.isdecimal() for place in places):
        return replace(edition, entries=tuple(plain))
    ordered = sorted(zip(places, plain, strict=True), key=lambda one: int(one[0]))
    return replace(edition, entries=tuple(entry for _, entry in ordered))


def _without_position(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if name != "_position"}


@dataclass
class _Walk:
    """A walk through groups and controls; it gathers nodes."""

    library: Library
    nodes: list[Node]
    labels: dict[str, str]
    ignored: int = 0

    def groups(self, found: Any, parent: str, where: str) -> None:
        for number, group in enumerate(listed(found), 1):
            at = f"{where}[{number}]"
            if not isinstance(group, Mapping):
                self.library.fault(at, "it is not a mapping of keys.")
                continue
            self.labels |= labels_of(group.get("params"))
            id = text_of(group.get("id")) or f"{parent}/group-{number}"
            self._add(group, id, parent, at, is_group=True)
            self.groups(group.get("groups"), id, f"{at}.groups")
            self.controls(group.get("controls"), id, f"{at}.controls")

    def controls(self, found: Any, parent: str, where: str) -> None:
        for number, control in enumerate(listed(found), 1):
            at = f"{where}[{number}]"
            if not isinstance(control, Mapping):
                self.library.fault(at, "it is not a mapping of keys.")
                continue
            id = text_of(control.get("id"))
            if not id:
                self.library.fault(at, f"the control “{text_of(control.get('title'))}” has no id.")
                continue
            self.labels |= labels_of(control.get("params"))
            self._add(control, id, parent, at, is_group=False)
            self.controls(control.get("controls"), id, f"{at}.controls")

    def _add(self, found: Mapping[str, Any], id: str, parent: str, where: str, *, is_group: bool) -> None:
        props, parts = found.get("props"), [one for one in listed(found.get("parts")) if isinstance(one, Mapping)]
        said = {name: ours(props, name) for name in PROPERTIES}
        withdrawn = any(
            isinstance(one, Mapping) and text_of(one.get("name")) == "status" and text_of(one.get("value")).lower() == "withdrawn"
            for one in listed(props)
        )  # fmt: skip
        grouping = is_group or (text_of(found.get("class")).lower() in _GROUPING and bool(found.get("controls")))
        assessable = flag_of(said["assessable"]) if said["assessable"] else not (grouping or withdrawn)
        guidance = [part for part in parts if text_of(part.get("name")) == "guidance"]
        points = [_point(part) for part in guidance if text_of(part.get("class")) == "point-of-focus"]
        attributes = _json(said["attributes"]) | ({"withdrawn": True} if withdrawn else {})
        prose = [part_text(part, self.labels) for part in guidance if text_of(part.get("class")) != "point-of-focus"]
        if any(prose):
            attributes["guidance"] = "\n".join(prose)
        if said["position"]:
            attributes["_position"] = said["position"]
        self.nodes.append(
            Node(
                id=id, parent_id=parent, where=f"{where} {id}", ref=label_of(props) or id,
                title=text_of(found.get("title")), text=self._statement(parts), assessable=assessable,
                level=said["level"] or text_of(found.get("class")) or ("group" if is_group else "control"),
                category=said["category"], external_id=id, attributes=attributes, points=tuple(points),
                fields={"series": said["series"], "theme": said["theme"], "frequency": _json(said["frequency"])},
            )
        )  # fmt: skip

    def _statement(self, parts: list[Mapping[str, Any]]) -> str:
        named = {"statement", "overview", "objective"}
        found = [part for part in parts if text_of(part.get("name")) == "statement"]
        found = found or [part for part in parts if text_of(part.get("name")) in named]
        self.ignored += sum(part not in found and text_of(part.get("name")) != "guidance" for part in parts)
        return "\n".join(text for part in found if (text := part_text(part, self.labels)))


def _point(part: Mapping[str, Any]) -> Point:
    return Point(text_of(part.get("title")) or text_of(part.get("id")), text_of(part.get("prose")))


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _profile(document: Mapping[str, Any], metadata: Mapping[str, Any], library: Library) -> None:
    resources = _resources(document)
    imports = document.get("imports")
    if not isinstance(imports, list) or not imports:
        library.fault("imports", "the profile imports no catalogue.")
        return
    choices = [
        choice
        for number, one in enumerate(imports, 1)
        if (choice := _choice(one, f"imports[{number}]", resources, library))
    ]
    if document.get("modify"):
        library.notes.append("“modify” was passed over: requirements keep the catalogue’s own words.")
    if document.get("merge"):
        library.notes.append("“merge” was passed over: requirements keep the catalogue’s own groups.")
    library.profile = Profile(
        title=library.title, version=text_of(metadata.get("version")) or "1",
        external_id=text_of(document.get("uuid")), publisher=publisher_of(metadata), choices=tuple(choices),
    )  # fmt: skip


def _resources(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What the back matter's resources are called: their links and titles, by uuid."""
    matter = document.get("back-matter")
    found = {}
    for one in listed(matter.get("resources") if isinstance(matter, Mapping) else None):
        if isinstance(one, Mapping):
            links = [text_of(link.get("href")) for link in listed(one.get("rlinks")) if isinstance(link, Mapping)]
            found[text_of(one.get("uuid"))] = tuple(name for name in (*links, text_of(one.get("title"))) if name)
    return found


def _choice(one: Any, where: str, resources: Mapping[str, tuple[str, ...]], library: Library) -> Choice | None:
    if not isinstance(one, Mapping) or not text_of(one.get("href")):
        library.fault(where, "it names no catalogue (href).")
        return None
    href = text_of(one.get("href"))
    names = resources.get(href.removeprefix("#"), ()) if href.startswith("#") else (href,)
    included, excluded = listed(one.get("include-controls")), listed(one.get("exclude-controls"))
    if not included and "include-all" not in one:
        library.fault(where, "it says neither include-all nor include-controls.")
        return None
    return Choice(
        href=href, names=names, ids=_ids(included) if included else None, patterns=_patterns(included),
        with_children=_ids([each for each in included if _takes_children(each)]), without=_ids(excluded),
        without_patterns=_patterns(excluded),
    )  # fmt: skip


def _takes_children(one: Any) -> bool:
    return isinstance(one, Mapping) and text_of(one.get("with-child-controls")) == "yes"


def _ids(found: list[Any]) -> frozenset[str]:
    named = (text_of(id) for one in found if isinstance(one, Mapping) for id in listed(one.get("with-ids")))
    return frozenset(id for id in named if id)


def _patterns(found: list[Any]) -> tuple[str, ...]:
    matching = [each for one in found if isinstance(one, Mapping) for each in listed(one.get("matching"))]
    return tuple(text_of(each.get("pattern")) for each in matching if isinstance(each, Mapping))
