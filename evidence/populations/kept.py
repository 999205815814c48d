"""What controls are told of the populations that are kept for them."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from compliance.tenancy.rooms import here

from .selectors import populations_of


def kept_for(control_id: UUID) -> list[tuple[str, str]]:
    """(reference, address) of each population that a control's sample is drawn from."""
    slug = here().slug
    return [(each.ref, reverse("populations:population", args=[slug, each.pk])) for each in populations_of(control_id)]
