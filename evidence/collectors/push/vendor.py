"""A source without an API as a vendor: it is never opened, and it needs nothing but a token of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evidence.checks.base import Reason, Row

from ..base import CollectionError, Context, Discovery, Field, PermissionResult, Vendor
from .kinds import KINDS


def _closed(context: Context) -> Any:
    raise CollectionError(
        Reason.NOT_COLLECTED, "Nothing is collected from this source: its facts are pushed.", remedy="Push them, or drop a file."
    )


def _nobody(session: Any, context: Context) -> str:
    return ""


def _nothing_to_test(context: Context) -> list[PermissionResult]:
    return []


def _nothing_seen(rows_by_kind: Mapping[str, Sequence[Row]]) -> list[Discovery]:
    return []


VENDOR = Vendor(
    id="push", title="A source without an API", pushed=True,
    fields=(
        Field(
            "system", "System", required=False,
            hint="What the facts speak of, as the scope register has it: Payroll, SYS-014. Its accounts then stand in access reviews",
        ),
        Field("drawn", "How they are drawn", hint="The report, query or script that makes them", required=False, multiline=True),
    ),
    kinds=KINDS, open=_closed, identity=_nobody, test=_nothing_to_test, discover=_nothing_seen,
    setup=Path(__file__).with_name("setup.md").read_text(encoding="utf-8"),
)  # fmt: skip
