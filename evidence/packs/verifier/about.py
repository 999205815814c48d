"""What pack.json says, with its shape made sure of: nothing after it meets a wrong type."""

from __future__ import annotations

from typing import Any

from .bag import TEXT, Tell
from .files import Pack
from .reading import NotAPack, Unreadable, parsed, shown

WHERE = "data/pack.json"


def about_of(pack: Pack, tell: Tell) -> dict[str, Any]:
    """id, organization, title, made_at, sample, days (size of a checkpoint to its day), items, decisions, supersessions,
    without_leaf. What is not built as it should be is told and left out. Raises NotAPack."""
    try:
        found = parsed(pack.read(WHERE, TEXT))
    except Unreadable as error:
        raise NotAPack(f"its {WHERE} {error}") from None
    except ValueError:
        raise NotAPack(f"its {WHERE} cannot be read") from None
    if not isinstance(found, dict) or found.get("format") != "fieldwork-pack/1":
        raise NotAPack(f"its {WHERE} is not of the format fieldwork-pack/1")
    organization = found.get("organization")
    organization = organization if isinstance(organization, dict) else {}
    about: dict[str, Any] = {
        "id": _text(found, "id"), "organization": _text(organization, "id"), "made_at": shown(_text(found, "made_at")),
        "title": shown(_text(found, "title")),
        "sample": " A sample company with a simulated clock." if organization.get("sample") is not False else "",
    }  # fmt: skip
    for name in ("items", "decisions", "supersessions", "without_leaf", "checkpoints"):
        listed = found.get(name)
        if not isinstance(listed, list):
            tell(WHERE, f"does not list {name}")
        about[name] = [
            each
            for place, each in enumerate(listed if isinstance(listed, list) else [])
            if _is_sound(name, place, each, tell)
        ]
    about["days"] = {each["size"]: shown(each["at"][:10]) for each in about["checkpoints"]}
    about["without_leaf"] = [each["row"] for each in about["without_leaf"]]
    return about


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _is_sound(name: str, place: int, each: Any, tell: Tell) -> bool:
    """Whether an entry has the parts that are looked at."""
    sound = isinstance(each, dict)
    if sound and name == "checkpoints":
        sound = type(each.get("size")) is int and isinstance(each.get("at"), str)
    elif sound and name == "without_leaf":
        sound = isinstance(each.get("row"), dict)
    elif sound:
        sound = (
            type(each.get("leaf")) is int
            and each["leaf"] >= 0
            and (each.get("row") is None or isinstance(each["row"], dict))
        )
        each.setdefault("row", None)
        each.setdefault("path", None)
        again = each.setdefault("again", None)
        sound = sound and (each["path"] is None or isinstance(each["path"], str)) and (again is None or _is_seen(again))
    if not sound:
        tell(WHERE, f"{name}, entry {place}: is not built as it has to be")
    return sound


def _is_seen(again: Any) -> bool:
    """Whether it says when something was seen again, and up to when that is told."""
    moments = again.get("at") if isinstance(again, dict) else None
    return isinstance(moments, list) and all(isinstance(each, str) for each in [again.get("until"), *moments])
