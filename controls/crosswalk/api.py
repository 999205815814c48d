"""What carries over to a programme's framework, and deciding on it."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.programmes.models import Programme

from .proposals import shares_of
from .selectors import carried_to
from .serializers import CarriedInFull, ConfirmInput, DismissInput
from .services.deciding import confirm_proposals, dismiss_proposals


class CarriedEndpoint(Endpoint):
    """What controls that are there carry over to a programme, requirement by requirement."""

    noun = "what carries over"
    queryset = Programme.objects.all()
    serializer_class = CarriedInFull
    scopes = {
        "read": Permission.CONTROL_VIEW, "confirm": Permission.CONTROL_CHANGE, "dismiss": Permission.CONTROL_CHANGE,
    }  # fmt: skip
    inputs = {"confirm": ConfirmInput, "dismiss": DismissInput}

    def retrieve(self, request: Request, programme: str) -> Response:
        """Read what carries over to a programme.

        Proposals and candidates count nothing until somebody confirms which part the control meets.
        """
        return self.read(_shown(self._programme()))

    def confirm(self, request: Request, programme: str) -> Response:
        """Confirm proposals, each with the part that the control meets. All or none."""
        found = self._programme()
        parts = {(each["control"].pk, each["requirement"].pk): each["part"] for each in self.input()["proposals"]}
        confirm_proposals(actor=self.actor, programme=found, parts=parts)
        return self.answer(_shown(found))

    def dismiss(self, request: Request, programme: str) -> Response:
        """Say that controls do not meet requirements for which they are proposed, and why."""
        found, given = self._programme(), self.input()
        pairs = [(each["control"].pk, each["requirement"].pk) for each in given["proposals"]]
        dismiss_proposals(actor=self.actor, programme=found, pairs=pairs, reason=given["reason"])
        return self.answer(_shown(found))

    def _programme(self) -> Programme:
        return self.above(Programme.objects.select_related("framework"), "programme")


def _shown(programme: Programme) -> dict[str, Any]:
    found = carried_to(programme)
    shares = shares_of(found)
    counts = {name: getattr(shares, name) for name in ("asked", "confirmed", "proposed", "candidate", "open")}
    return {**counts, "requirements": found}
