"""What an organisation chose of a framework, as an OSCAL profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..models import Framework, Requirement
from . import metadata, prop
from .catalog import control_ids, document_uuid


def profile(
    framework: Framework,
    requirements: Sequence[Requirement],
    chosen: Sequence[Requirement],
    *,
    title: str,
    moment: str,
    of: object = "",
) -> dict[str, Any]:
    """The profile document: `chosen` of all the framework's `requirements`, by id. It names the catalogue by its uuid.

    `of` tells apart the profiles of several owners of one framework.
    """
    ids = control_ids(framework, requirements)
    catalogue = document_uuid("catalog", framework.pk)
    selected = [ids[str(row.pk)] for row in chosen]
    imported: dict[str, Any] = {"href": f"#{catalogue}"}
    imported["include-controls"] = [{"with-ids": selected}]
    resource = {"uuid": catalogue, "title": framework.title, "rlinks": [{"href": catalogue_file(framework)}]}
    head = metadata(title=title, version=framework.version, moment=moment, props=[prop("key", framework.key)])
    return {
        "profile": {
            "uuid": document_uuid("profile", framework.pk, of), "metadata": head, "imports": [imported],
            "merge": {"as-is": True}, "back-matter": {"resources": [resource]},
        }
    }  # fmt: skip


def catalogue_file(framework: Framework) -> str:
    """The file name under which a catalogue is exported."""
    return f"{framework.key}_catalog.json"
