"""Who acts: a person, a token, an auditor in a seat, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    PERSON = "person"
    TOKEN = "token"
    AUDITOR = "auditor"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who meant it. `id` is the user's or token's; `membership_id` where the actor is a member of the organisation."""

    kind: ActorKind
    label: str
    id: UUID | None = None
    membership_id: UUID | None = None
    request_id: str = ""


SYSTEM = Actor(ActorKind.SYSTEM, "Fieldwork")
