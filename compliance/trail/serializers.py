"""Trail entries as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from compliance.web.serializers import Output

from .models import Entry


class EntrySerializer(Output):
    """One act: who meant it, what it was, and what it changed from and to. Never a secret."""

    before = serializers.DictField()
    after = serializers.DictField()

    class Meta:
        model = Entry
        fields = [
            "id", "at", "actor_kind", "actor_id", "actor_label", "action", "target_type", "target_id", "target_label",
            "before", "after", "request_id",
        ]  # fmt: skip
