"""A programme's beginning, its options and dates, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.frameworks.models import Framework
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..kinds import CATEGORIES, SHAPES
from ..models import PciParty, PciReport, PhaseKind, Programme, ProgrammeKind
from ..phasing import Span, propose
from .news import tell
from .phases import write_phases

_DATES = ("as_of", "period_start", "period_end", "fieldwork_start", "fieldwork_end")
_PCI = ("pci_party", "pci_level", "pci_report")
EDITABLE = ("name", "categories", *_DATES, *_PCI)


@transaction.atomic
def create_programme(
    *, actor: Actor, kind: str, framework: Framework, name: str, phases: Mapping[PhaseKind, Span] | None = None,
    **options: Any,
) -> Programme:  # fmt: skip
    """Begin a certification effort. `options` are categories and dates (`EDITABLE`).

    Its phases are `phases` where given, else worked back from `fieldwork_start`; without either there are none yet.
    Raises ValidationError, by field.
    """
    programme = Programme(
        kind=kind, framework=framework, framework_owner_id=framework.organization_id, name=name.strip(),
        **_editable(options),
    )  # fmt: skip
    _check(programme)
    programme.save(force_insert=True)
    if phases is None and programme.fieldwork_start:
        phases = propose(
            fieldwork_start=programme.fieldwork_start, fieldwork_end=programme.fieldwork_end,
            today=today(here().timezone),
        ).spans  # fmt: skip
    write_phases(programme, phases or {})
    record(
        actor=actor, action="programmes.programme.created", target=programme,
        after={"name": programme.name, "kind": kind, "framework": str(framework), **_editable(options)},
    )  # fmt: skip
    tell(programme)
    return programme


@transaction.atomic
def change_programme(*, actor: Actor, programme: Programme, **options: Any) -> Programme:
    """Change name, categories or dates. Phases stay as they are: they have a page of their own.

    Raises ValidationError, by field, and for a closed programme. Nothing is written where nothing differs.
    """
    before, after = changes(programme, _editable(options))
    if not after:
        return programme
    if programme.closed_at:
        raise ValidationError("The programme is closed; it stays as it is.")
    for name, value in after.items():
        setattr(programme, name, value)
    _check(programme)
    programme.save(update_fields=list(after))
    record(actor=actor, action="programmes.programme.changed", target=programme, before=before, after=after)
    tell(programme)
    return programme


@transaction.atomic
def close_programme(*, actor: Actor, programme: Programme) -> Programme:
    """End a programme: it no longer counts, and stays readable."""
    if programme.closed_at is None:
        programme.closed_at = now()
        programme.save(update_fields=["closed_at"])
        record(
            actor=actor, action="programmes.programme.closed", target=programme,
            before={"closed_at": None}, after={"closed_at": programme.closed_at},
        )  # fmt: skip
        tell(programme)
    return programme


def _editable(options: dict[str, Any]) -> dict[str, Any]:
    return settable(options, EDITABLE, "an option of a programme")


def _check(programme: Programme) -> None:
    """Every fault at once, by field."""
    faults: dict[str, list[str]] = {}
    own_fields = partial(programme.clean_fields, exclude=["organization", "framework", "framework_owner_id"])
    for check in (own_fields, programme.clean):
        try:
            check()
        except ValidationError as error:
            faults |= error.message_dict
    shape = SHAPES.get(ProgrammeKind(programme.kind)) if programme.kind in set(ProgrammeKind) else None
    if shape and not programme.framework.key.startswith(shape.framework):
        faults["framework"] = [f"{shape.kind.label} is against another framework than {programme.framework}."]
    if set(programme.categories) - {key for key, _ in CATEGORIES}:
        faults["categories"] = ["Choose categories of the list; the common criteria always apply."]
    starts, ends = programme.fieldwork_start, programme.fieldwork_end
    if starts and ends and ends < starts:
        faults["fieldwork_end"] = ["Fieldwork must end on or after the day it starts."]
    if ends and not starts:
        faults["fieldwork_start"] = ["Say when fieldwork starts: everything is counted back from that day."]
    faults |= _faults_of_pci(programme, faults)
    if faults:
        raise ValidationError(faults)


def _faults_of_pci(programme: Programme, faults: dict[str, list[str]]) -> dict[str, list[str]]:
    """A questionnaire is either party's, a provider has two levels, and only PCI DSS has any of it."""
    party, level, report = programme.pci_party, programme.pci_level, programme.pci_report
    if programme.kind != ProgrammeKind.PCI:
        return {name: ["Only a PCI DSS assessment has this."] for name in _PCI if getattr(programme, name)}
    found = {}
    if party == PciParty.SERVICE_PROVIDER and (level or 0) > 2:
        found["pci_level"] = ["Service providers are of level 1 or 2."]
    fits = {PciParty.MERCHANT: report != PciReport.SAQ_D_PROVIDER,
            PciParty.SERVICE_PROVIDER: report in ("", PciReport.ROC, PciReport.SAQ_D_PROVIDER)}
    if party in fits and not fits[PciParty(party)]:
        found["pci_report"] = ["A service provider has a ROC or SAQ D for service providers; every other SAQ is a merchant’s."]
    return {name: said for name, said in found.items() if name not in faults}
