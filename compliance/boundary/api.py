"""The boundary over the API."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.registers.models import System

from .selectors import asked_for, landscape
from .serializers import BoundaryQuery, BoundarySerializer
from .telling import summary

_PARAMETERS = (
    OpenApiParameter("programme", OpenApiTypes.UUID, description="Only the services that a programme covers."),
    OpenApiParameter("service", OpenApiTypes.UUID, description="Only what serves a service, and what that exchanges data with."),
    OpenApiParameter(
        "environment", {"type": "string", "minLength": 1, "maxLength": 40, "pattern": r"\S"},
        description="Only what stands in an environment, and what that exchanges data with.",
    ),
)  # fmt: skip


class BoundaryEndpoint(Endpoint):
    """The boundary diagram as nodes and edges."""

    noun = "the boundary"
    queryset = System.objects.all()
    serializer_class = BoundarySerializer
    scopes = {"read": Permission.SCOPE_VIEW}
    extra_parameters = {"retrieve": _PARAMETERS}

    def parameters(self) -> set[str]:
        return {parameter.name for parameter in _PARAMETERS}

    def retrieve(self, request: Request) -> Response:
        """Read the boundary: systems, where each stands, and the flows between them.

        Computed for this answer from the scope register.
        """
        query = BoundaryQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        services = asked_for(programme=asked.get("programme"), service=asked.get("service"))
        found = landscape(services=services, environment=asked.get("environment", ""))
        edges = [{**vars(edge), "crosses": found.crosses(edge)} for edge in found.edges]
        return self.read({"summary": summary(found), "nodes": found.nodes, "edges": edges, "left_out": found.more})
