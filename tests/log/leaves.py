"""Leaves to test with."""

from compliance.tenancy.ids import uuid7
from evidence.log.models import Leaf
from evidence.log.services.append import Told, append_leaves


def grow(number: int) -> list[Leaf]:
    """Append leaves of a type that no verifier knows."""
    return append_leaves([Told("note", uuid7(), None, {"said": f"the {each}th"}) for each in range(number)])
