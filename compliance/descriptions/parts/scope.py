"""DC 1 and DC 8, and the series at the head of DC 5: what the report is about, and the criteria it is held against."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from compliance.programmes.kinds import CATEGORIES
from compliance.programmes.models import Programme
from compliance.programmes.reading import series_of
from compliance.registers.models import Service
from compliance.tenancy.rooms import here
from compliance.web.documents.parts import table

from ..sections import Lack, Part


def services(programme: Programme) -> Iterator[Part]:
    """The services that are offered, and what is not said of them."""
    found = list(Service.objects.filter(active=True).order_by("ref"))
    rows = [(each.ref, each.name, each.description) for each in found]
    yield Part("DC1", 10, table("Services", ("Ref", "Service", "What it does"), rows))
    address = reverse("registers:list", args=[here().slug])
    if not found:
        yield Part("DC1", 20, Lack("No service is registered, so the report does not say what it is about.", address))
    for each in found:
        if not each.description.strip():
            yield Part("DC1", 20, Lack(f"{each.ref} {each.name} does not say what it does.", address))


def criteria(programme: Programme) -> Iterator[Part]:
    """The series that apply, with how many criteria of each."""
    rows = [(each.ref, each.title, each.in_scope, each.left_out) for each in series_of(programme)]
    yield Part("DC5", 10, table("Applicable criteria", ("Series", "Title", "In scope", "Not relevant"), rows))


def not_relevant(programme: Programme) -> Iterator[Part]:
    """Criteria left out with their reasons, and categories whose every criterion was left out."""
    left_out = sorted(programme.not_relevant.items())
    yield Part("DC8", 10, table("Criteria that are not relevant", ("Criterion", "Why it does not apply"), left_out))
    address = reverse("programmes:criteria", args=[here().slug, programme.pk])
    for ref, reason in left_out:
        if not reason.strip():
            yield Part("DC8", 20, Lack(f"{ref} is left out without a reason.", address))
    chosen = {key: label for key, label in CATEGORIES if key in programme.categories}
    for each in series_of(programme):
        if each.asked and not each.in_scope:
            named = ", ".join(chosen.values()) or "Security"
            yield Part("DC8", 20, Lack(
                f"Every criterion of {each.ref} is left out, though its category is chosen ({named}): drop the category, "
                "or take criteria back in.", address,
            ))  # fmt: skip

