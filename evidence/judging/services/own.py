"""Checks of one's own: written, changed, switched off and on. Every version stays, with the examples that it met."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.checks.base import Finding, Severity
from evidence.checks.cel.asking import LONGEST, FaultyError
from evidence.checks.cel.checking import outcome_of
from evidence.collectors.house import HOUSE_KINDS
from evidence.collectors.registry import vendors
from evidence.events import checks_changed

from ..models import CheckState, CustomCheck, CustomCheckVersion, ResourceInterval
from ..own import forget

EDITABLE = (
    "title", "fact_kind", "passes", "applies", "resource", "noun", "severity", "criteria", "annex_a", "why", "remedy",
    "examples",
)  # fmt: skip
_UNSAID: dict[str, Any] = dict.fromkeys(EDITABLE, "") | {"criteria": [], "annex_a": [], "examples": [], "noun": "resource"}
OUTCOMES = ("pass", "fail", "not_applicable", "unknown")
MOST_EXAMPLES, LARGEST_EXAMPLES, DEEPEST = 50, 100_000, 50
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,58}[a-z0-9]")
_REFERENCE = re.compile(r"[A-Z0-9][A-Za-z0-9.]{0,19}")


@transaction.atomic
def write_check(*, actor: Actor, member: Membership | None, slug: str, **fields: Any) -> CustomCheck:
    """A new check of one's own, enabled. Raises ValidationError, by field, also where an example does not give what it should."""
    if not _SLUG.fullmatch(slug):
        raise ValidationError({"slug": "Write two to sixty small letters, figures, hyphens or underscores."})
    if CustomCheck.objects.filter(slug=slug).exists():
        raise ValidationError({"slug": "A check of yours is called this already."})
    try:
        with transaction.atomic():
            made = CustomCheck.objects.create(slug=slug)
    except IntegrityError:  # another wrote one of this name at the same moment
        raise ValidationError({"slug": "A check of yours is called this already."}) from None
    _add_version(actor, member, made, _UNSAID | fields, "written")
    return made


@transaction.atomic
def change_check(*, actor: Actor, member: Membership | None, own: CustomCheck, **fields: Any) -> CustomCheck:
    """The next version of a check. Nothing is written where nothing differs. Raises ValidationError, by field."""
    current = CustomCheck.objects.select_for_update().get(pk=own.pk)
    newest = current.versions.order_by("-number").first()
    held = {name: getattr(newest, name) for name in EDITABLE}
    wanted = held | settable(fields, EDITABLE, "a field of a check of one's own")
    if wanted != held:
        _add_version(actor, member, current, wanted, "changed")
    return current


@transaction.atomic
def disable_check(*, actor: Actor, own: CustomCheck) -> CustomCheck:
    """Judge it no more. What it found stays as it was found; its gaps stay open, since nothing shows that they are closed."""
    current = CustomCheck.objects.select_for_update().get(pk=own.pk)
    if current.enabled:
        _switch(actor, current, enabled=False)
        CheckState.objects.filter(check_id=current.check_id).delete()
        for row in ResourceInterval.objects.filter(check_id=current.check_id, ended_at__isnull=True):
            row.ended_at = row.seen_until
            row.save(update_fields=["ended_at"])
    return current


@transaction.atomic
def enable_check(*, actor: Actor, own: CustomCheck) -> CustomCheck:
    """Judge it again."""
    current = CustomCheck.objects.select_for_update().get(pk=own.pk)
    if not current.enabled:
        _switch(actor, current, enabled=True)
    return current


def _switch(actor: Actor, own: CustomCheck, *, enabled: bool) -> None:
    own.enabled = enabled
    own.save(update_fields=["enabled"])
    action = "enabled" if enabled else "disabled"
    record(actor=actor, action=f"judging.own_check.{action}", target=own, after={"enabled": enabled})
    forget()
    announce(checks_changed, check_id=own.check_id)


def _add_version(
    actor: Actor, member: Membership | None, own: CustomCheck, fields: Mapping[str, Any], action: str
) -> None:
    values = _checked(settable(dict(fields), EDITABLE, "a field of a check of one's own"))
    own.number += 1
    own.save(update_fields=["number"])
    CustomCheckVersion.objects.create(
        custom_check=own, number=own.number, written_by=member, written_by_name=member.name if member else actor.label[:254],
        **values,
    )
    after = {name: values[name] for name in EDITABLE if name != "examples"} | {"version": own.number}
    record(actor=actor, action=f"judging.own_check.{action}", target=own, after=after)
    forget()
    announce(checks_changed, check_id=own.check_id)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The fields, trimmed and found good, examples and all. Raises ValidationError, by field."""
    errors: dict[str, list[str]] = {}
    for name in ("title", "passes", "applies", "resource", "noun", "why", "remedy"):
        values[name] = str(values.get(name, "")).strip()
        if not values[name] and name != "applies":
            errors[name] = ["This is needed."]
    longest = {"title": 200, "noun": 60, "passes": LONGEST, "applies": LONGEST, "resource": LONGEST, "why": 5_000, "remedy": 5_000}
    errors |= {name: [f"{most:,} characters at most."] for name, most in longest.items() if len(values[name]) > most}
    if values["fact_kind"] not in kinds():
        errors["fact_kind"] = ["No connection can bring facts of this kind."]
    if values["severity"] not in {each.value for each in Severity}:
        errors["severity"] = ["Choose critical, high, medium or low."]
    for name in ("criteria", "annex_a"):
        if len(values[name]) > 40 or not all(isinstance(ref, str) and _REFERENCE.fullmatch(ref) for ref in values[name]):
            errors[name] = ["Write references such as CC6.1, forty at most."]
    if errors:
        raise ValidationError(errors)
    values["examples"] = examples_of(values["examples"])
    _meet(values)
    return values


def kinds() -> set[str]:
    """The fact kinds that a check of one's own can read: those of vendors."""
    return {kind.id for vendor in vendors().values() for kind in vendor.kinds if kind.id not in HOUSE_KINDS}


def examples_of(given: Any) -> list[dict[str, Any]]:
    """Examples in their one form. Raises ValidationError."""
    good = isinstance(given, list) and all(
        isinstance(each, dict) and set(each) == {"row", "outcome"} and isinstance(each["row"], dict)
        and each["outcome"] in OUTCOMES for each in given
    )  # fmt: skip
    if not good:
        raise ValidationError({"examples": 'Write a list of {"row": {…}, "outcome": "pass"}; outcomes: ' + ", ".join(OUTCOMES) + "."})
    if len(given) > MOST_EXAMPLES or len(_storable(given)) > LARGEST_EXAMPLES:
        raise ValidationError({"examples": f"{MOST_EXAMPLES} examples and {LARGEST_EXAMPLES:,} characters at most."})
    if not {"pass", "fail"} <= {each["outcome"] for each in given}:
        raise ValidationError({"examples": "At least one has to pass and one to fail: else nothing shows that it tells them apart."})
    return list(given)


def _storable(given: Any) -> str:
    """Examples as text. Raises ValidationError for what Python reads as JSON and no column of the database takes: NaN, a zero
    character, half a character; and for what is nested so deeply that it could not be written again."""
    refusal = {"examples": f"Write plain JSON: no NaN, no control characters, nothing nested more than {DEEPEST} deep."}
    if _is_deeper(given, DEEPEST):
        raise ValidationError(refusal)
    try:
        text = json.dumps(given, allow_nan=False, ensure_ascii=False)
        text.encode()
    except ValueError:
        raise ValidationError(refusal) from None
    if "\\u0000" in text:
        raise ValidationError(refusal)
    return text


def _is_deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [each for held in level for each in (held.values() if isinstance(held, dict) else held) if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _meet(values: Mapping[str, Any]) -> None:
    """Every example gives what it should. Raises ValidationError."""
    expressions = {name: values[name] for name in ("passes", "applies", "resource")}
    wrong = mismatches(expressions, values["examples"])
    if wrong:
        raise ValidationError({"examples": wrong})


def mismatches(expressions: dict[str, str], examples: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which examples do not give what they should, in sentences. Raises ValidationError for a faulty expression."""
    try:
        found: list[Finding] = outcome_of(expressions, [each["row"] for each in examples], now())
    except FaultyError as error:
        raise ValidationError({error.fault.expression: str(error)}) from error
    return [
        f"Example {number} should be {each['outcome']} and is {finding.outcome.value}. {finding.message}".strip()
        for number, (each, finding) in enumerate(zip(examples, found, strict=True), 1) if finding.outcome.value != each["outcome"]
    ]  # fmt: skip
