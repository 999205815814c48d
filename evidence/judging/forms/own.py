"""Writing a check of one's own."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from compliance.web.day_field import DayField
from evidence.checks.base import Severity
from evidence.checks.cel.asking import LONGEST
from evidence.collectors.house import HOUSE_KINDS
from evidence.collectors.models import Connection
from evidence.collectors.registry import vendors

from ..models import CustomCheckVersion
from ..services.own import EDITABLE, LARGEST_EXAMPLES
from .exceptions import ConnectionField

_LONG = 5_000
#: What examples look like, for whoever writes the first.
_SHAPE = """[
  {"row": {"login": "ada", "mfa": true}, "outcome": "pass"},
  {"row": {"login": "bo", "mfa": false}, "outcome": "fail"}
]"""


def _kinds() -> list[Any]:
    groups = [
        (vendor.title, [(kind.id, f"{kind.id}: {kind.title}") for kind in vendor.kinds if kind.id not in HOUSE_KINDS])
        for vendor in vendors().values()
    ]
    return [("", "Choose what it reads"), *groups]


def _code(rows: int, label: str, help_text: str, *, required: bool = True) -> forms.CharField:
    attrs = {"rows": rows, "class": "mono", "spellcheck": "false", "autocapitalize": "off"}
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST, widget=forms.Textarea(attrs=attrs),
        error_messages={"required": "Write the expression."},
    )


class OwnCheckForm(forms.Form):
    """What a check of one's own asks of each row of a fact kind, and the examples that prove it."""

    slug = forms.CharField(
        label="Id", max_length=60, error_messages={"required": "Give it an id."},
        help_text="Small letters, figures, hyphens: admin-keys is known as custom.admin-keys. It never changes.",
    )  # fmt: skip
    title = forms.CharField(
        label="What it asks", max_length=200, help_text="As a sentence that is true where it passes.",
        error_messages={"required": "Write the sentence."},
    )  # fmt: skip
    fact_kind = forms.ChoiceField(label="Facts that it reads", error_messages={"required": "Choose what it reads."})
    passes = _code(3, "A row passes where", "CEL over row and now, true or false: row.mfa == true && size(row.keys) < 2")
    applies = _code(2, "It applies where", "Empty: to every row.", required=False)
    resource = _code(1, "The row is called", "CEL that gives the name under which it is listed: row.arn")
    noun = forms.CharField(
        label="One of them is called", max_length=60, initial="resource", error_messages={"required": "Name it: user, bucket."}
    )
    severity = forms.ChoiceField(
        label="Technical severity", initial=Severity.MEDIUM.value,
        choices=[(each.value, each.value.capitalize()) for each in Severity],
    )  # fmt: skip
    criteria = forms.CharField(label="SOC 2 criteria", required=False, max_length=400, help_text="CC6.1 CC6.3")
    annex_a = forms.CharField(label="Annex A controls", required=False, max_length=400, help_text="A.5.17 A.8.5")
    why = forms.CharField(
        label="Why an auditor cares", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it is asked."},
    )  # fmt: skip
    remedy = forms.CharField(
        label="How to put it right", max_length=_LONG, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what to do where it fails."},
    )  # fmt: skip
    examples = forms.CharField(
        label="Examples", max_length=LARGEST_EXAMPLES,
        widget=forms.Textarea(attrs={"rows": 12, "class": "mono", "spellcheck": "false", "placeholder": _SHAPE}),
        error_messages={"required": "Give at least one row that passes and one that fails."},
        help_text='A list of {"row": {…}, "outcome": "pass"}: at least one that passes and one that fails. It is saved only '
        "where each gives what it should.",
    )  # fmt: skip
    connection = ConnectionField(
        label="Try it on", queryset=Connection.objects.none(), required=False, empty_label="No connection"
    )
    day = DayField("As the facts stood on", "Empty: the newest.", required=False)

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fact_kind"].choices = _kinds()  # type: ignore[attr-defined]
        self.fields["connection"].queryset = (  # type: ignore[attr-defined]
            Connection.objects.defer("secret").order_by("name")
        )
        if own:
            del self.fields["slug"]

    def clean_criteria(self) -> list[str]:
        return str(self.cleaned_data["criteria"]).replace(",", " ").split()

    def clean_annex_a(self) -> list[str]:
        return str(self.cleaned_data["annex_a"]).replace(",", " ").split()

    def clean_examples(self) -> Any:
        try:
            return json.loads(self.cleaned_data["examples"])
        except (ValueError, RecursionError) as error:
            place = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            raise forms.ValidationError(f"It is not JSON{place}.") from error

    def saved(self) -> dict[str, Any]:
        """What is kept of it: all but the trial."""
        return {name: value for name, value in self.cleaned_data.items() if name in EDITABLE or name == "slug"}

    def expressions(self) -> dict[str, str]:
        """The expressions as they stand written, valid or not."""
        return {name: str(self[name].value() or "") for name in ("passes", "applies", "resource")}


def initial_of(version: CustomCheckVersion) -> dict[str, Any]:
    """What the form begins with for a check that is there."""
    held = {name: getattr(version, name) for name in EDITABLE}
    return held | {
        "criteria": " ".join(version.criteria), "annex_a": " ".join(version.annex_a),
        "examples": json.dumps(version.examples, indent=2, ensure_ascii=False),
    }  # fmt: skip
