"""DC 4 and DC 9: the disclosed incidents and changes of the time that the report speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from compliance.ledger.models import Change, Disclosure, Incident
from compliance.ledger.selectors import changes_between, incidents_between
from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.tenancy.months import months_after
from compliance.tenancy.rooms import here
from compliance.web.documents.parts import table
from compliance.web.words import day

from ..sections import Lack, Part

_INCIDENT = ("Ref", "Nature", "Timing", "Extent", "Disposition")
_CHANGE = ("Ref", "Of", "On", "What changed")


def incidents(programme: Programme) -> Iterator[Part]:
    """Disclosed incidents of the period (of the year before the day that a Type I speaks of), and what is not said of them."""
    found = list(incidents_between(*_time_of(programme)))
    told = [each for each in found if each.disclosure == Disclosure.DISCLOSE]
    yield Part("DC4", 10, table("Disclosed incidents", _INCIDENT, [_incident(each) for each in told]))
    for each in found:
        address = reverse("ledger:incident", args=[here().slug, each.pk])
        if each.disclosure == Disclosure.UNDECIDED:
            yield Part("DC4", 20, Lack(f"Nobody has decided whether {each.ref} {each.title} is told.", address))
    for each in told:
        address = reverse("ledger:change_incident", args=[here().slug, each.pk])
        missing = [name for name in ("extent", "disposition") if not getattr(each, name).strip()]
        if missing:
            yield Part("DC4", 30, Lack(f"{each.ref} does not say its {' and its '.join(missing)}.", address))
    for each in found:
        if each.disclosure == Disclosure.KEEP_OUT and (each.from_controls or each.broke_commitments):
            yield Part("DC4", 40, Lack(
                f"{each.ref} {'came of a control' if each.from_controls else 'broke a commitment'}, and is not told. "
                "DC 4 asks for it.", reverse("ledger:incident", args=[here().slug, each.pk]),
            ))  # fmt: skip


def changes(programme: Programme) -> Iterator[Part]:
    """Disclosed changes of the observation period, and those that nobody has decided on."""
    found = list(changes_between(*_time_of(programme)))
    told = [_change(each) for each in found if each.disclosure == Disclosure.DISCLOSE]
    yield Part("DC9", 10, table("Changes in the period", _CHANGE, told))
    for each in found:
        if each.disclosure == Disclosure.UNDECIDED:
            address = reverse("ledger:change", args=[here().slug, each.pk])
            yield Part("DC9", 20, Lack(f"Nobody has decided whether {each.ref} {each.title} is told.", address))


def _time_of(programme: Programme) -> tuple[date, date]:
    """The observation period; for a Type I the year that ends on its day."""
    last = programme.period_end or programme.as_of or today(here().timezone)
    return programme.period_start or months_after(last, -12), last


def _incident(each: Incident) -> tuple[str, ...]:
    timing = f"{day(each.started_on)} to {day(each.ended_on)}" if each.ended_on else f"From {day(each.started_on)}, goes on"
    return each.ref, f"{each.title}. {each.nature}", timing, each.extent, each.disposition


def _change(each: Change) -> tuple[str, ...]:
    return each.ref, each.get_kind_display(), day(each.happened_on), f"{each.title}. {each.text}".strip()
