"""Writing the trail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .actors import Actor
from .models import Entry

Told = tuple[models.Model, Mapping[str, Any], Mapping[str, Any]]
_NEVER = ("secret", "password", "token", "ciphertext")


def record(
    *, actor: Actor, action: str, target: models.Model, before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None, label: str | None = None,
) -> Entry:
    """Write one entry. `action` is `app.noun.past`; `before` and `after` hold what changed, and never a secret."""
    return Entry.objects.create(
        actor_kind=actor.kind, actor_id=actor.id, actor_label=actor.label[:254], action=action,
        target_type=target._meta.label_lower, target_id=target.pk, target_label=(label or str(target))[:300],
        before=_plain(before), after=_plain(after), request_id=actor.request_id,
    )


def bulk_record(*, actor: Actor, action: str, rows: Iterable[Told]) -> None:
    """`record` for many targets of one act: (target, before, after) each, written together."""
    entries = (
        Entry(
            actor_kind=actor.kind, actor_id=actor.id, actor_label=actor.label[:254], action=action,
            target_type=target._meta.label_lower, target_id=target.pk, target_label=str(target)[:300],
            before=_plain(before), after=_plain(after), request_id=actor.request_id,
        )
        for target, before, after in rows
    )  # fmt: skip
    Entry.objects.bulk_create(entries, batch_size=500)


def changes(target: models.Model, new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What of `new` differs from the target's present fields: (before, after)."""
    before = {name: getattr(target, name) for name in new}
    differing = [name for name in new if before[name] != new[name]]
    return {name: before[name] for name in differing}, {name: new[name] for name in differing}


def readable(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as an entry tells them to a reader: people and things by what they are called."""
    return {name: str(value) if isinstance(value, models.Model) else value for name, value in fields.items()}


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    kept = {name: value for name, value in (values or {}).items() if not any(word in name for word in _NEVER)}
    plain: dict[str, Any] = json.loads(json.dumps(kept, cls=_Encoder))
    return plain


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return str(o.pk) if isinstance(o, models.Model) else super().default(o)
