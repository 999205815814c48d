"""CISO Assistant library YAML: frameworks, mappings, reference controls. Keys come in the singular and in the plural."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .editions import guidance_depth_of
from .library import MOST_RELATIONS, Edition, Library, Options, Pair, PairSet, SuggestedControl
from .tree import Node, entries_of, shaped
from .words import flag_of, listed, slug, tail, text_of

_RELATIONS = {
    "subset": "subset", "superset": "superset", "equal": "equal", "intersect": "intersects", "intersects": "intersects",
}  # fmt: skip
#: What a library may hold beside these, and what it is called.
_OTHERS = {
    "risk_matrix": "a risk matrix", "risk_matrices": "risk matrices", "threats": "threats", "preset": "a preset",
    "presets": "presets", "metric_definitions": "metric definitions", "ttp_catalogs": "attack catalogues",
    "tactics": "tactics", "techniques": "techniques",
}  # fmt: skip
_KEPT = ("annotation", "typical_evidence", "implementation_groups", "weight", "translations", "questions", "threats")


def is_library(content: Any) -> bool:
    """Whether parsed content is such a library."""
    return isinstance(content, Mapping) and "objects" in content


def read_library(content: Mapping[str, Any], library: Library, options: Options) -> None:
    """Read a library into `library`."""
    library.format = "CISO Assistant library"
    library.title = text_of(content.get("name")) or text_of(content.get("ref_id")) or text_of(content.get("urn"))
    objects = content["objects"]
    if not isinstance(objects, Mapping):
        library.fault("objects", "it is not a mapping of kinds to what there is of each.")
        return
    for framework in _all(objects, "framework", library):
        _edition(framework, content, library, options)
    for found in _all(objects, "requirement_mapping_set", library):
        _pair_set(found, library)
    for found in _all(objects, "reference_control", library):
        _suggested(found, library)
    _what_else(objects, library)


def _all(objects: Mapping[str, Any], name: str, library: Library) -> list[Mapping[str, Any]]:
    """Whatever stands under a key, in the singular and in the plural."""
    found = []
    for key in (name, f"{name}s"):
        for number, one in enumerate(listed(objects.get(key)), 1):
            if isinstance(one, Mapping):
                found.append(one)
            else:
                library.fault(f"objects.{key}[{number}]", "it is not a mapping of keys.")
    return found


def _what_else(objects: Mapping[str, Any], library: Library) -> None:
    others = [_OTHERS.get(str(key), f"“{key}”") for key in objects if _is_other(str(key)) and objects[key]]
    if library.editions or library.pair_sets or library.suggested or library.faults:
        if others:
            library.notes.append(f"Passed over: {', '.join(others)}.")
        return
    held = f"The library holds {', '.join(others)}" if others else "The library is empty"
    library.fault("objects", f"{held}, and no framework, mapping or reference control: there is nothing to load.")


def _is_other(key: str) -> bool:
    return key.rstrip("s") not in {"framework", "requirement_mapping_set", "reference_control"}


def _edition(framework: Mapping[str, Any], content: Mapping[str, Any], library: Library, options: Options) -> None:
    nodes = framework.get("requirement_nodes")
    where = text_of(framework.get("urn")) or "framework"
    if not isinstance(nodes, list):
        what = "is a mapping; a list of nodes is expected" if isinstance(nodes, Mapping) else "is not there"
        library.fault(where, f"requirement_nodes {what}.")
        return
    if not nodes:
        library.fault(where, "requirement_nodes is empty: the framework asks for nothing.")
        return
    rows = [row for number, node in enumerate(nodes, 1) if (row := _node(node, number, library)) is not None]
    entries = entries_of(rows, library) if len(rows) == len(nodes) else []
    urn, ref = text_of(framework.get("urn")), text_of(framework.get("ref_id"))
    name = text_of(framework.get("name")) or library.title or ref
    key = options.key or slug(ref) or slug(tail(urn)) or slug(name)
    if not key:
        library.fault(where, "neither ref_id, urn nor name says what it is called.")
    version = options.version or text_of(framework.get("version")) or text_of(content.get("version")) or "1"
    edition = Edition(
        key=key, title=options.title or name or key, short_title=ref or name or key, version=version,
        publisher=options.publisher or text_of(content.get("provider")) or text_of(content.get("packager")),
        licence_note=text_of(content.get("copyright")), external_id=urn, entries=tuple(entries),
    )  # fmt: skip
    depth = options.guidance_depth if options.guidance_depth is not None else guidance_depth_of(edition, library)
    library.editions.append(shaped(edition, depth))


def _node(node: Any, number: int, library: Library) -> Node | None:
    where = f"requirement_nodes[{number}]"
    if not isinstance(node, Mapping):
        library.fault(where, "it is not a mapping of keys.")
        return None
    urn, ref = text_of(node.get("urn")), text_of(node.get("ref_id"))
    if not (urn or ref):
        library.fault(where, "it has neither urn nor ref_id.")
        return None
    said = node.get("assessable")
    assessable = None if said is None else flag_of(said)
    if said is not None and assessable is None:
        library.fault(f"{where} {ref or urn}", f"assessable is {text_of(said) or said!r}, neither true nor false.")
    kept = {name: node[name] for name in _KEPT if node.get(name) not in (None, "", [], {})}
    if links := [text_of(link) for link in listed(node.get("reference_controls")) if text_of(link)]:
        kept["reference_controls"] = links
    return Node(
        id=(urn or ref).lower(), parent_id=text_of(node.get("parent_urn")).lower(), where=f"{where} {ref or urn}",
        ref=ref or tail(urn), title=text_of(node.get("name")), text=text_of(node.get("description")),
        assessable=assessable, external_id=urn or ref, attributes=kept,
    )  # fmt: skip


def _pair_set(found: Mapping[str, Any], library: Library) -> None:
    where = text_of(found.get("urn")) or text_of(found.get("ref_id")) or "requirement_mapping_set"
    ends = [text_of(found.get(f"{side}_framework_urn")) for side in ("source", "target")]
    mappings = found.get("requirement_mappings")
    if not all(ends):
        library.fault(where, "source_framework_urn or target_framework_urn is not there.")
    elif not isinstance(mappings, list):
        library.fault(where, "requirement_mappings is not a list.")
    elif len(mappings) > MOST_RELATIONS:
        library.fault(where, f"{len(mappings):,} mappings are more than {MOST_RELATIONS:,}.")
    else:
        pairs = [pair for number, one in enumerate(mappings, 1) if (pair := _pair(one, f"{where} [{number}]", library))]
        unrelated = sum(pair.relation == "not_related" for pair in pairs)
        if unrelated:
            library.notes.append(f"{unrelated} mappings say “not related” and were left out.")
        name = text_of(found.get("name")) or text_of(found.get("ref_id")) or where
        kept = tuple(pair for pair in pairs if pair.relation != "not_related")
        library.pair_sets.append(PairSet(name, ends[0], ends[1], kept))


def _pair(one: Any, where: str, library: Library) -> Pair | None:
    if not isinstance(one, Mapping):
        library.fault(where, "it is not a mapping of keys.")
        return None
    source, target = (text_of(one.get(f"{side}_requirement_urn")) for side in ("source", "target"))
    said = text_of(one.get("relationship")).lower()
    relation = "not_related" if said in ("not_related", "not related") else _RELATIONS.get(said, "")
    if not (source and target):
        library.fault(where, "source_requirement_urn or target_requirement_urn is not there.")
        return None
    if not relation:
        library.fault(
            where, f"the relationship {said or 'nothing'!r} is not one of subset, superset, equal, intersect."
        )
        return None
    return Pair(source, target, relation, text_of(one.get("annotation")) or text_of(one.get("rationale")))


def _suggested(found: Mapping[str, Any], library: Library) -> None:
    urn, ref = text_of(found.get("urn")), text_of(found.get("ref_id"))
    title = text_of(found.get("name")) or ref or tail(urn)
    if not (urn or ref):
        library.fault("reference_controls", f"{title or 'one'} has neither urn nor ref_id.")
        return
    control = SuggestedControl(
        external_id=(urn or ref)[:400], ref=(ref or tail(urn))[:200], title=title[:500],
        text=text_of(found.get("description")), category=text_of(found.get("category"))[:120],
    )  # fmt: skip
    library.suggested.append(control)
