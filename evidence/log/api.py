"""The log over the API: leaves with their proofs, checkpoints, consistency, keys. Evidence writes it, nobody else."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, WordFilter, filters

from . import selectors
from .models import Checkpoint, Leaf, LogKey
from .serializers import (
    ConsistencyQuery,
    ConsistencySerializer,
    LogCheckpointSerializer,
    LogKeySerializer,
    LogLeafProofSerializer,
    LogLeafSerializer,
)

_SCOPES = {"read": Permission.EVIDENCE_VIEW}


class LeafFilter(filters.FilterSet):
    kind = WordFilter(label="`version`, `decision` or `supersession`.")
    subject = IdFilter(label="What the log says of this version, decision or supersession.")
    artefact = IdFilter(label="What the log says of this artefact.")


class LeafEndpoint(Listed, Shown, Endpoint):
    """What was entered in the evidence log, the newest first."""

    noun = "leaves of the log"
    one = "a leaf with its proof"
    tag = "log"
    queryset = Leaf.objects.all()
    serializer_class = LogLeafSerializer
    filterset_class = LeafFilter
    ordering = ("-index",)
    lookup_field = "index"
    lookup_value_converter = "int"
    scopes = _SCOPES
    outputs = {"retrieve": LogLeafProofSerializer}


class CheckpointEndpoint(Listed, Shown, Endpoint):
    """What was signed, the newest first. Keep the notes elsewhere: they prove that the log was not rewritten since."""

    noun = "checkpoints of the log"
    one = "a checkpoint"
    tag = "log"
    queryset = Checkpoint.objects.all()
    serializer_class = LogCheckpointSerializer
    ordering = ("-size",)
    lookup_field = "size"
    lookup_value_converter = "int"
    scopes = _SCOPES


_WHOLE = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}
_SIZES = (
    OpenApiParameter("from", _WHOLE, description="The earlier size; the first checkpoint's unless given."),
    OpenApiParameter("to", _WHOLE, description="The later size; the newest checkpoint's unless given."),
)


class ConsistencyEndpoint(Endpoint):
    """That the log only grew."""

    noun = "consistency"
    tag = "log"
    queryset = Checkpoint.objects.all()
    serializer_class = ConsistencySerializer
    scopes = _SCOPES
    extra_parameters = {"retrieve": _SIZES}

    def parameters(self) -> set[str]:
        return {parameter.name for parameter in _SIZES}

    def retrieve(self, request: Request) -> Response:
        """Prove that the log of one size begins the log of another.

        Compare the roots with those of checkpoints that you kept: the proof is worth what they are.
        """
        query = ConsistencyQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        first, newest = selectors.checkpoints().last(), selectors.latest_checkpoint()
        if first is None or newest is None:
            raise NotFound("Nothing was signed yet.")
        old = query.validated_data.get("from", first.size)
        new = query.validated_data.get("to", newest.size)
        try:
            path = selectors.consistency(old, new)
        except ValueError as error:
            raise NotFound(str(error)) from None
        roots = {"from_root": selectors.root_at(old).hex(), "to_root": selectors.root_at(new).hex()}
        return self.read({"from": old, "to": new, **roots, "proof": [each.hex() for each in path]})


class KeyEndpoint(Endpoint):
    """The keys that sign the log."""

    noun = "the keys of the log"
    tag = "log"
    queryset = LogKey.objects.all()
    serializer_class = LogKeySerializer
    scopes = _SCOPES

    def retrieve(self, request: Request) -> Response:
        """Read the keys that verify the log's checkpoints."""
        return self.read({"origin": selectors.origin(), "keys": list(map(str, selectors.verifiers()))})
