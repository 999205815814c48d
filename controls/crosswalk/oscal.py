"""The organisation's controls as an OSCAL component definition: each says which requirements of a framework it meets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compliance.frameworks.models import Framework, Requirement
from compliance.frameworks.oscal import metadata, pruned
from compliance.frameworks.oscal.catalog import control_ids, document_uuid
from compliance.frameworks.oscal.profile import catalogue_file

from ..models import Control, Mapping
from .proposals import ALL_OF_IT


def component_definition(
    framework: Framework, requirements: Sequence[Requirement], mappings: Sequence[Mapping], *, owner: str, moment: str
) -> dict[str, Any]:
    """The document. `mappings` are those of controls in use to requirements of the framework, with their controls."""
    ids = control_ids(framework, requirements)
    catalogue = document_uuid("catalog", framework.pk)
    met: dict[Control, list[Mapping]] = {}
    for mapping in mappings:
        met.setdefault(mapping.control, []).append(mapping)
    components = [_component(control, found, catalogue, framework, ids) for control, found in met.items()]
    resource = {"uuid": catalogue, "title": framework.title, "rlinks": [{"href": catalogue_file(framework)}]}
    head = metadata(
        title=f"Controls of {owner} against {framework.title}"[:500], version=framework.version, moment=moment
    )
    return {
        "component-definition": pruned({
            "uuid": document_uuid("component-definition", framework.pk, owner), "metadata": head,
            "components": components, "back-matter": {"resources": [resource]},
        })
    }  # fmt: skip


def _component(
    control: Control, mappings: Sequence[Mapping], catalogue: str, framework: Framework, ids: Any
) -> dict[str, Any]:
    met = [
        {
            "uuid": document_uuid("implemented", mapping.pk), "control-id": ids[str(mapping.requirement_id)],
            "description": mapping.part or ALL_OF_IT,
        }
        for mapping in mappings
    ]  # fmt: skip
    implementation = {
        "uuid": document_uuid("implementation", control.pk, framework.pk), "source": f"#{catalogue}",
        "description": f"What {control.ref} meets of {framework.title}.", "implemented-requirements": met,
    }  # fmt: skip
    return {
        "uuid": document_uuid("component", control.pk), "type": "process-procedure", "title": f"{control.ref} {control.title}",
        "description": control.statement, "props": [{"name": "label", "value": control.ref}],
        "control-implementations": [implementation],
    }  # fmt: skip
