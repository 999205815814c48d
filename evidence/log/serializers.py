"""The log, as the API shows it. Hashes are in hexadecimal."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.web.serializers import Input, Output

from .canonical import EXACT
from .models import Checkpoint, Leaf
from .selectors import proof_of


class _Hex(serializers.CharField):
    """32 bytes in hexadecimal."""

    def to_representation(self, value: Any) -> str:
        return bytes(value).hex()


class LogLeafSerializer(Output):
    """A leaf. `body` is its exact text: SHA-256 of a zero byte and its UTF-8 is `leaf_hash`."""

    index = serializers.IntegerField()
    leaf_hash = _Hex()

    class Meta:
        model = Leaf
        fields = ["index", "kind", "subject", "artefact", "appended_at", "leaf_hash", "body"]


class InclusionSerializer(serializers.Serializer):
    """The hashes that lead from a leaf to the root of the newest checkpoint."""

    size = serializers.IntegerField()
    root = serializers.CharField()
    proof = serializers.ListField(child=serializers.CharField(), help_text="From leaf to root (RFC 6962, 2.1.1).")
    checkpoint = serializers.CharField(help_text="The signed note.")


class LogLeafProofSerializer(LogLeafSerializer):
    """A leaf with its proof; null until a checkpoint holds it."""

    inclusion = serializers.SerializerMethodField()

    class Meta(LogLeafSerializer.Meta):
        fields = [*LogLeafSerializer.Meta.fields, "inclusion"]

    @extend_schema_field(InclusionSerializer(allow_null=True))
    def get_inclusion(self, leaf: Leaf) -> dict[str, Any] | None:
        proof = proof_of(leaf)
        if proof is None:
            return None
        signed = proof.checkpoint
        path = [each.hex() for each in proof.path]
        return {"size": signed.size, "root": bytes(signed.root).hex(), "proof": path, "checkpoint": signed.note}


class LogCheckpointSerializer(Output):
    """A signed checkpoint; `note` is to be kept byte for byte."""

    size = serializers.IntegerField()
    root = _Hex()

    class Meta:
        model = Checkpoint
        fields = ["size", "root", "note", "signed_at"]


class ConsistencyQuery(Input):
    """Two sizes; without `to` it is the newest checkpoint's."""

    def get_fields(self) -> dict[str, serializers.Field]:
        whole = {"min_value": 0, "max_value": EXACT - 1}
        return {"from": serializers.IntegerField(**whole), "to": serializers.IntegerField(required=False, **whole)}


class ConsistencySerializer(serializers.Serializer):
    """That the first `from` leaves are a prefix of the first `to` (RFC 6962, 2.1.2)."""

    def get_fields(self) -> dict[str, serializers.Field]:
        hashes = serializers.ListField(child=serializers.CharField())
        return {
            "from": serializers.IntegerField(), "to": serializers.IntegerField(), "from_root": serializers.CharField(),
            "to_root": serializers.CharField(), "proof": hashes,
        }  # fmt: skip


class LogKeySerializer(serializers.Serializer):
    """The public keys of the log, the one that signs now first, as C2SP writes verifier keys."""

    origin = serializers.CharField()
    keys = serializers.ListField(child=serializers.CharField())
