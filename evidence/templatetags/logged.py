"""`{% load logged %}{% leaf_of version %}`: what the log says of a version, for the pages of its artefact."""

from __future__ import annotations

import json
from typing import Any

from django import template

from compliance.access.guards import may
from compliance.access.permissions import Permission
from evidence.leaves import VERSION
from evidence.log.models import Leaf
from evidence.log.selectors import leaves_of
from evidence.models import Version

register = template.Library()


@register.inclusion_tag("log/_leaf_of.html", takes_context=True)
def leaf_of(context: template.Context, version: Version) -> dict[str, Any]:
    """The leaves of a version and of what was decided of it, what supersedes it, and whether that can be said."""
    supersessions = list(version.superseded.select_related("by"))
    subjects = [version.pk, *(each.pk for each in version.decisions.all()), *(each.pk for each in supersessions)]
    request = context["request"]
    newest = (context.get("artefact") or version.artefact).latest_number
    told = {version.number, *(each.by.number for each in supersessions)}
    return {
        "organization": context["organization"], "version": version, "supersessions": supersessions,
        "entries": [_entry(leaf) for leaf in leaves_of(subjects=subjects)],
        "may_supersede": newest not in told and may(request, Permission.EVIDENCE_REVIEW),
    }  # fmt: skip


def _entry(leaf: Leaf) -> dict[str, Any]:
    word = "received" if leaf.kind == VERSION else str(json.loads(leaf.body).get("acceptance", "superseded"))
    return {"index": leaf.index, "word": word, "at": leaf.appended_at}
