"""Packs, as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.web.serializers import Choice, Input, Output

from .models import Pack, PackKind


class PackSerializer(Output):
    """A pack: what it is of, how far it is, and of a ready one the SHA-256 of the zip."""

    class Meta:
        model = Pack
        fields = [
            "id", "kind", "subject", "ref", "title", "state", "items", "total", "log_size", "filename", "sha256", "size", "message",
            "requested_by", "created_at", "finished_at",
        ]  # fmt: skip


class PackInput(Input):
    """What a pack is to be of: a control, a requirement or a programme, by its id."""

    kind = Choice(choices=PackKind.choices)
    subject = serializers.UUIDField()
