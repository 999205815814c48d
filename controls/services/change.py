"""Changing a control as it is stated, retiring it, and taking it up again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..events import control_changed
from ..history import CONCLUDED_ON
from ..models import Control, Implementation
from ..populations import populations_kept
from .keeping import keep_versions, stated
from .undoing import undo_confirmation, undo_design, undo_what_the_owner_said

#: What may be changed of a control. Its reference stays: reports and packs refer to it.
EDITABLE = (
    "title", "statement", "area", "owner", "owner_role", "frequency", "nature", "kind", "key", "tested_by_sample",
    "population", "test_procedures", "implementation", "starts_on",
)  # fmt: skip
#: How a control is referred to, and what a person is told who writes otherwise.
REF = re.compile(r"^[A-Z][A-Z0-9]{0,5}-\d{1,4}$")
WRONG_REF = "Write capital letters, a hyphen and a number: AC-07."
#: What a control has to say, and what a person is told who leaves it out.
WANTED = (("title", "Give it a title."), ("statement", "Say what is done, by whom and how often."))
_TESTS = frozenset({"inquiry", "observation", "inspection", "reperformance"})


class ChangedMeanwhileError(ValidationError):
    """Somebody else changed the control after the form was read."""


def fingerprint(control: Control) -> str:
    """Changes whenever something that can be edited does; a form carries it to tell whether it is still up to date."""
    values = {name: getattr(control, "owner_id" if name == "owner" else name) for name in EDITABLE}
    return hashlib.sha256(json.dumps(values, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()[:16]


@transaction.atomic
def change_control(*, actor: Actor, control: Control, seen: str = "", reason: str = "", **new: Any) -> Control:
    """Change fields of `EDITABLE`. `seen` is the fingerprint of what the editor saw, where there was one; `reason` is why,
    and stands with the version that the change makes.

    A changed statement, frequency, nature or kind returns the design to not assessed; another population has to be
    confirmed anew, and so has what the new owner said of the control before it was theirs. Raises ValidationError by field,
    ChangedMeanwhileError where `seen` is out of date.
    """
    unknown = sorted(set(new) - set(EDITABLE))
    if unknown:
        raise ValidationError(dict.fromkeys(unknown, "This cannot be changed."))
    control = _locked(control)
    if seen and seen != fingerprint(control):
        raise ChangedMeanwhileError(f"{control.ref} was changed by somebody else in the meantime.")
    if new.get("implementation") == Implementation.RETIRED and control.implementation != Implementation.RETIRED:
        raise ValidationError({"implementation": "Retiring a control needs a reason: use “Retire”."})
    before, after = changes(control, new)
    if not after:
        return control
    former_words = stated(control)
    former = {"former_owner_id": control.owner_id} if "owner" in after and control.owner_id else {}
    for name, value in after.items():
        setattr(control, name, value)
    check_stated(control, owner_named="owner" in after)
    _undo_what_no_longer_holds(control, before, after)
    control.save()
    keep_versions(actor=actor, controls=[control], before={control.pk: former_words}, reason=reason.strip())
    why = {"reason": reason.strip()} if reason.strip() else {}
    record(actor=actor, action="controls.control.changed", target=control, before=told(before), after=told(after) | why)
    announce(control_changed, control_id=control.pk, **former)
    return control


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the trail keeps them: a person by name, whatever becomes of the membership."""
    return {name: str(value) if isinstance(value, Membership) else value for name, value in values.items()}


def _undo_what_no_longer_holds(control: Control, before: dict[str, Any], after: dict[str, Any]) -> None:
    if CONCLUDED_ON & set(after):
        undo_design(control, before, after)
    reworded = {"population", "tested_by_sample"} & set(after)
    if reworded and not populations_kept(control.pk):  # rows that are kept were confirmed, not these words
        undo_confirmation(control, before, after)
    if "owner" in after:
        undo_what_the_owner_said(control, before, after)


def check_stated(control: Control, *, owner_named: bool = True) -> None:
    """Refuse what no control can say; raises ValidationError by field. What it merely lacks is allowed, and shown.

    `owner_named`: the owner is named now, so has to be here. One who has left since stays until another is named.
    """
    errors: dict[str, str] = {}
    if not REF.match(control.ref):
        errors["ref"] = WRONG_REF
    for name, sentence in WANTED:
        if not str(getattr(control, name)).strip():
            errors[name] = sentence
    procedures = control.test_procedures
    if not isinstance(procedures, list) or not all(_is_procedure(each) for each in procedures):
        errors["test_procedures"] = "Each test has a type (inquiry, observation, inspection, reperformance) and a text."
    if owner_named and control.owner is not None and not control.owner.is_active:
        errors["owner"] = f"{control.owner} has left. Name somebody who is here."
    if errors:
        raise ValidationError(errors)
    control.full_clean(exclude=["organization", "owner", "design_by", "population_confirmer"])


def _is_procedure(each: Any) -> bool:
    text = each.get("text") if isinstance(each, dict) else None
    return isinstance(text, str) and bool(text.strip()) and set(each) == {"type", "text"} and each["type"] in _TESTS


@transaction.atomic
def retire_control(*, actor: Actor, control: Control, reason: str) -> Control:
    """Take a control out of use: it counts for nothing from now on, and all that it showed stays. If it is taken up again, the
    days between count as if it had been in use (0052). Needs a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is retired. An auditor will ask what took its place."})
    control = _locked(control)
    if control.implementation == Implementation.RETIRED:
        return control
    return _set_implementation(actor, control, Implementation.RETIRED, "retired", reason.strip())


@transaction.atomic
def reinstate_control(*, actor: Actor, control: Control) -> Control:
    """Take a retired control up again. It begins as planned: nobody has said that it is in place. In a period in which it was
    in use before, the days on which it stood as retired count, whatever start is said now (0052)."""
    control = _locked(control)
    if control.implementation != Implementation.RETIRED:
        return control
    return _set_implementation(actor, control, Implementation.PLANNED, "reinstated", "")


def _locked(control: Control) -> Control:
    return Control.objects.select_for_update(of=("self",)).select_related("owner").get(pk=control.pk)


def _set_implementation(actor: Actor, control: Control, to: Implementation, done: str, reason: str) -> Control:
    before, former_words = {"implementation": control.implementation}, stated(control)
    control.implementation = to
    control.save(update_fields=["implementation"])
    keep_versions(actor=actor, controls=[control], before={control.pk: former_words}, reason=reason)
    after = {"implementation": to.value} | ({"reason": reason} if reason else {})
    record(actor=actor, action=f"controls.control.{done}", target=control, before=before, after=after)
    announce(control_changed, control_id=control.pk)
    return control
