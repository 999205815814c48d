"""Addresses by the dozen: what the rows of a list have in common is resolved once."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse

from compliance.tenancy.ids import NIL

_NIL = str(NIL)


@lru_cache(maxsize=4096)
def address(url_name: str, slug: str) -> str:
    """The address of a page of an organisation that takes nothing but its slug."""
    return reverse(url_name, args=[slug])


@lru_cache(maxsize=4096)
def _pattern(url_name: str, slug: str) -> tuple[str, str]:
    before, _, after = reverse(url_name, args=[slug, NIL]).rpartition(_NIL)
    return before, after


def address_of(url_name: str, slug: str, pk: object) -> str:
    """The address of one thing of an organisation, by its id."""
    before, after = _pattern(url_name, slug)
    return f"{before}{pk}{after}"
