"""The dashboard's figures, and how far a programme has come."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now

from .closed import figures_at_close
from .figures import figures_of_room
from .models import Figures
from .programme import Controls, readiness
from .serializers import DashboardSerializer, ReadinessInFull


class DashboardEndpoint(Endpoint):
    """The figures of the dashboard. They are rebuilt by events, and every ten minutes."""

    noun = "the dashboard's figures"
    queryset = Figures.objects.all()
    serializer_class = DashboardSerializer
    scopes = {"read": Permission.DASHBOARD_VIEW}

    def retrieve(self, request: Request) -> Response:
        """Read the figures of the dashboard.

        Not found while none were computed yet, which takes ten minutes at most.
        """
        row = figures_of_room()
        if row is None:
            raise NotFound("No figures were computed yet. They come within ten minutes.")
        return self.read({**row.figures, "computed_at": row.computed_at})


class ReadinessEndpoint(Endpoint):
    """How far one programme has come, with every requirement and the reasons why it is not ready."""

    noun = "readiness of a programme"
    queryset = Programme.objects.all()
    serializer_class = ReadinessInFull
    scopes = {"read": Permission.DASHBOARD_VIEW}

    def retrieve(self, request: Request, programme: str) -> Response:
        """Read how far a programme has come.

        As the dashboard has it; of a closed programme as it last stood before it was closed: `computed_at` says when. Of one
        begun a moment ago it is computed for this answer.
        """
        found = self.above(Programme.objects.select_related("framework"), "programme")
        return self.read(_kept(found) or {**readiness(found, Controls()), "computed_at": now()})


def _kept(programme: Programme) -> dict[str, Any] | None:
    if programme.closed_at and (at_close := figures_at_close(programme)):
        return at_close
    row = figures_of_room()
    listed = row.figures.get("programmes", []) if row else []
    found = next((each for each in listed if each["id"] == str(programme.pk)), None)
    return {**found, "computed_at": row.computed_at} if found and row else None
