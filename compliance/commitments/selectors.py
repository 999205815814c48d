"""Reading the commitments register."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from .models import Commitment
from .suggesting import CATEGORY


@dataclass(frozen=True)
class Promised:
    """A commitment that stands, and the SOC 2 category that it calls for; None where it calls for none."""

    commitment: Commitment
    promise: str
    category: str | None


def commitments(*, kind: str = "", promise: str = "", text: str = "", standing: bool = False) -> QuerySet[Commitment]:
    """The register in the order of its references, with the criteria; `standing` leaves out what was withdrawn."""
    found = Commitment.objects.prefetch_related("bears_on__requirement", "services__service").order_by("id")
    if kind:
        found = found.filter(kind=kind)
    if promise:
        found = found.filter(promise=promise)
    if standing:
        found = found.filter(withdrawn_on__isnull=True)
    if text:
        found = found.filter(Q(text__icontains=text) | Q(source__icontains=text) | Q(ref__istartswith=text))
    return found


def promises() -> list[Promised]:
    """Every commitment that stands, with the category that its promise calls for: what the scope warnings compare with
    the categories chosen."""
    return [Promised(each, each.promise, CATEGORY.get(each.promise)) for each in commitments(standing=True)]
