"""What bears on criteria. A room's own rows may name a shipped requirement, so each link names its owner beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from compliance.tenancy.models import TenantModel

from .models import Requirement


def bear_on(link: type[Any], requirements: Iterable[Requirement], **row: TenantModel) -> None:
    """Link a row, given by the name that `link` has for it, to requirements."""
    link._default_manager.bulk_create(
        link(requirement=each, framework_owner_id=each.organization_id, **row) for each in requirements
    )


def refs_in_words(links: Iterable[Any]) -> str:
    """The references of the requirements that links name, in order, with commas between."""
    return ", ".join(sorted(each.requirement.ref for each in links))
