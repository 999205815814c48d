"""IAM Access Analyzer: the analyzers of each region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.collectors.aws.answers import field
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.kinds import regional, whole
from evidence.collectors.base import Context, FactKind


def _ask(session: AwsSession, region: str, context: Context) -> dict[str, Any]:
    return {"ListAnalyzers": whole(session, "accessanalyzer", "ListAnalyzers", region, "analyzers")}


def _read(answers: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "analyzers": field(answers, "ListAnalyzers", lambda a: [
            {"name": one["name"], "type": one["type"], "status": one["status"]} for one in a["analyzers"]
        ])
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    regional("aws.accessanalyzer.analyzers", "Access analyzers", ("accessanalyzer:ListAnalyzers",), _ask, _read),
)
