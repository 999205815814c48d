"""DC 2: principal service commitments and system requirements, with the criteria that bear on each."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from compliance.commitments.models import Commitment, Kind
from compliance.commitments.selectors import commitments as commitments_found
from compliance.commitments.selectors import promises
from compliance.frameworks.bearing import refs_in_words
from compliance.programmes.kinds import CATEGORIES
from compliance.programmes.models import Programme
from compliance.tenancy.rooms import here
from compliance.web.documents.parts import table

from ..sections import Lack, Part

_HEAD = ("Ref", "What is promised or required", "Written in", "Criteria")


def commitments(programme: Programme) -> Iterator[Part]:
    """Both kinds that stand, each in a table of its own; and what a description must not leave open about them."""
    found = list(commitments_found(standing=True))
    address = reverse("commitments:list", args=[here().slug])
    for order, kind, caption in (
        (10, Kind.COMMITMENT, "Principal service commitments"), (20, Kind.REQUIREMENT, "System requirements")
    ):  # fmt: skip
        of_kind = [each for each in found if each.kind == kind]
        yield Part("DC2", order, table(caption, _HEAD, [_row(each) for each in of_kind]))
        if not of_kind:
            yield Part("DC2", order, Lack(f"{caption}: none is registered.", address))
    for each in found:
        if not each.bears_on.all():
            yield Part("DC2", 30, Lack(f"{each.ref} is linked to no criterion.", address))
    yield from _categories(programme)


def _categories(programme: Programme) -> Iterator[Part]:
    names = dict(CATEGORIES)
    address = reverse("programmes:change", args=[here().slug, programme.pk])
    for each in promises():
        if each.category and each.category not in programme.categories:
            yield Part("DC2", 40, Lack(
                f"{each.commitment.ref} calls for the category {names.get(each.category, each.category)}, which is not chosen.",
                address,
            ))  # fmt: skip


def _row(each: Commitment) -> tuple[str, ...]:
    return each.ref, each.text, each.source, refs_in_words(each.bears_on.all())
