"""DC 3: the boundary diagram, over the tables of what it shows."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from compliance.boundary.picture import picture_of
from compliance.boundary.selectors import of_programme
from compliance.programmes.models import Programme
from compliance.tenancy.rooms import here

from ..sections import Lack, Part


def diagram(programme: Programme) -> Iterator[Part]:
    """The diagram of what the programme covers; where it cannot be drawn, that it lacks, and why."""
    picture = picture_of(of_programme(programme), of=programme.name)
    if picture.figure:
        yield Part("DC3", 5, picture.figure)
    elif picture.reason:
        address = f"{reverse('boundary:diagram', args=[here().slug])}?programme={programme.pk}"
        yield Part("DC3", 59, Lack(f"The boundary diagram is not drawn: {picture.reason}", address))
