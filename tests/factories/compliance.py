"""Ground-floor things to test with, made by the services that make the real ones. Each stands in its caller's room."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core import mail

from compliance.frameworks.models import Framework
from compliance.programmes.models import Programme
from compliance.programmes.services import create_programme
from compliance.registers.models import System
from compliance.registers.services import add_system, decide_scope
from compliance.trail.actors import Actor


def framework(key: str = "soc2") -> Framework:
    """A shipped framework by the beginning of its key."""
    return Framework.objects.get(key__startswith=key)


def make_programme(actor: Actor, **fields: Any) -> Programme:
    """A SOC 2 Type II over 2026 with fieldwork in January 2027, unless said otherwise."""
    values: dict[str, Any] = {
        "kind": "soc2_type_2", "name": "SOC 2 Type II, 2026", "framework": framework(),
        "period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31), "fieldwork_start": date(2027, 1, 18),
    }
    return create_programme(actor=actor, **values | fields)


def make_system(actor: Actor, name: str = "Production database", *, decision: str = "", **fields: Any) -> System:
    """A system of the register; decided where `decision` is given."""
    system = add_system(actor=actor, name=name, **{"kind": "database"} | fields)
    if decision:
        decide_scope(actor=actor, system=system, decision=decision, justification="Because it is.")
    return system


def link_in_mail(letter: int = -1) -> str:
    """The path of the link in a letter that was sent."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[letter].body)
    assert found is not None, mail.outbox[letter].body
    return found[1]
