"""Everything that the rules of scope have to say of a room. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import programme_rules, system_rules
from .catalogue import Found
from .facts import RoomFacts

JUDGES: tuple[Callable[[RoomFacts], Iterator[Found]], ...] = (
    system_rules.left_out, system_rules.undecided, system_rules.never_collected, system_rules.flows, system_rules.idle,
    system_rules.entered_late, programme_rules.unsupported, programme_rules.unchosen, programme_rules.another_framework,
)  # fmt: skip


def judge(room: RoomFacts) -> list[Found]:
    """What each rule finds, rule by rule."""
    return [found for rule in JUDGES for found in rule(room)]
