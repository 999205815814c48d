"""Which evidence pack the auditors of an audit get."""

from __future__ import annotations

from typing import Any

from django import forms

from evidence.packs.models import Pack

from ..models import Audit
from ..selectors.packs import packs_to_share
from .base import missing


class _Packs(forms.ModelChoiceField):
    """Packs by what they are of, with their day: two of the same programme are two packs."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, {obj.created_at:%-d %b %Y}, {obj.items} leaves"


class SharePackForm(forms.Form):
    """A finished pack that reaches no further than the audit."""

    pack = _Packs(
        Pack.objects.none(), empty_label="Choose a pack",
        help_text="Finished packs of the audit’s programme, of its criteria and of controls that meet them.",
        error_messages=missing("Choose the pack.") | {
            "invalid_choice": "This pack cannot be shared with this audit. Choose one of the list.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].queryset = packs_to_share(audit)  # type: ignore[attr-defined]
