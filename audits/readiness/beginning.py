"""What is to be done before there is anything to measure: steps in order, each with whether it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from compliance.access.guards import may
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.programmes.selectors import open_programmes
from controls.models import Control, Implementation
from evidence.collectors.models import Connection


@dataclass(frozen=True)
class Step:
    """One step. `url` is empty where the reader's role does not take it."""

    title: str
    why: str
    done: bool
    url: str
    action: str


def steps(request: PageRequest) -> list[Step]:
    """The three things that figures are made of. Three queries."""
    slug = request.organization.slug

    def leads(name: str, permission: Permission) -> str:
        return reverse(name, args=[slug]) if may(request, permission) else ""

    return [
        Step(
            "Start a programme", "Which framework, which categories, which period: that is what is measured.",
            open_programmes().exists(), leads("programmes:create", Permission.PROGRAMME_CHANGE), "Start one",
        ),
        Step(
            "State your controls", "The starter set holds 90 that together reach every criterion. Strike what you do not do.",
            Control.objects.exclude(implementation=Implementation.RETIRED).exists(),
            leads("evidence:adopt", Permission.CONTROL_CHANGE), "Adopt the starter set",
        ),
        Step(
            "Connect a system", "AWS, GitHub or Okta, read only. What is collected is judged at once.",
            connected(), leads("connections:choose", Permission.CONNECTION_MANAGE), "Connect one",
        ),
    ]  # fmt: skip


def connected() -> bool:
    """Whether any system is connected."""
    return Connection.objects.exists()
