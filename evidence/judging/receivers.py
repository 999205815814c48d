"""What judging does on the news of its own floor."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from compliance.programmes.events import programme_changed
from compliance.registers.events import scope_decided
from controls.events import control_changed
from evidence.coverage.events import tolerance_changed

from ..events import (
    checks_changed,
    connection_retired,
    exceptions_changed,
    freshness_changed,
    requirements_changed,
    run_finished,
    version_decided,
    version_received,
)
from .tasks import judge, judge_check, stand


@receiver(run_finished)
def judge_on_finished_run(organization_id: str, connection_id: str, kinds: list[str] | None = None, **kwargs: Any) -> None:
    judge.delay(organization_id, connection_id, kinds)


@receiver(exceptions_changed)
def judge_on_changed_exception(organization_id: str, connection_id: str, **kwargs: Any) -> None:
    judge.delay(organization_id, connection_id)


@receiver(checks_changed)
def judge_on_changed_check(organization_id: str, check_id: str, **kwargs: Any) -> None:
    judge_check.delay(organization_id, check_id)


@receiver([
    connection_retired, control_changed, freshness_changed, programme_changed, requirements_changed, scope_decided, tolerance_changed,
    version_decided, version_received,
])  # fmt: skip
def stand_on_change(organization_id: str, **kwargs: Any) -> None:
    stand.delay(organization_id)
