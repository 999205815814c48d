"""The numbers by which checks judge, as controls state them: which there are, and which holds where two state one. Pure.

SOC 2 tests the control as stated (definitions, Evidence): a stated number takes the place of the check's default, even
where it asks for less. Between two controls the one that asks for more holds, so that neither is let off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .checks import catalogue
from .threshold_values import LARGEST, NotAValueError, read, words

Stated = Mapping[str, Mapping[str, Any]]
#: Of these the larger asks for more; of every other number the smaller does.
_AT_LEAST = {
    ("aws.acm.expiry", "days"), ("aws.iam.password_policy", "min_length"), ("aws.iam.password_reuse", "reuse"),
    ("aws.logs.retention", "days"), ("aws.rds.backups", "days"), ("github.org.owners", "least"),
    ("github.repo.required_reviews", "least"), ("okta.admins.super_count", "fewest"),
    ("okta.password.history", "history"), ("okta.password.policy", "min_length"),
}  # fmt: skip
#: Lists of what is let pass: what both name holds. Of other lists, what either names is looked at.
_LET_PASS = {"approved", "approved_bypass", "allowed_authors", "known_accounts"}


def faults(stated: Stated) -> list[str]:
    """What keeps stated thresholds from being judged by: a check or a name that there is not, or another kind of value."""
    found = []
    for check_id, values in stated.items():
        check = catalogue.get(check_id)
        if check is None:
            found.append(f"No check is called {check_id}.")
            continue
        for name, value in values.items():
            if name not in check.thresholds:
                found.append(f"{check_id} has no threshold {name}.")
            elif not _fits(check.thresholds[name], value):
                found.append(f"{check_id}: {value!r} is no value of {name}.")
    return found


def _fits(usual: Any, value: Any) -> bool:
    if isinstance(usual, Mapping):
        return isinstance(value, Mapping) and all(name in usual and _fits(usual[name], each) for name, each in value.items())
    if isinstance(usual, int | float):
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return isinstance(value, list | tuple) and all(isinstance(each, type(usual[0]) if usual else str) for each in value)


def in_force(stated: Iterable[Stated]) -> dict[str, dict[str, Any]]:
    """By check, what several requirements state, the stricter of each. Parts that nobody states stay at their default."""
    found: dict[str, dict[str, Any]] = {}
    for each in stated:
        for check_id, values in each.items():
            kept = found.setdefault(check_id, {})
            for name, value in values.items():
                kept[name] = _stricter(check_id, name, kept[name], value) if name in kept else value
    return {check_id: _completed(check_id, values) for check_id, values in found.items()}


def _stricter(check_id: str, name: str, one: Any, other: Any) -> Any:
    if isinstance(one, Mapping):
        return {**one, **{part: min(one[part], days) if part in one else days for part, days in other.items()}}
    if isinstance(one, list | tuple):
        return [each for each in one if each in other] if name in _LET_PASS else list(dict.fromkeys([*one, *other]))
    return max(one, other) if (check_id, name) in _AT_LEAST else min(one, other)


def _completed(check_id: str, values: dict[str, Any]) -> dict[str, Any]:
    check = catalogue.get(check_id)
    usual = check.thresholds if check else {}
    return {
        name: {**usual[name], **value} if isinstance(value, Mapping) and name in usual else value
        for name, value in values.items()
    }


def as_lines(stated: Stated) -> list[str]:
    """One line for each number, as a form shows and takes it: `okta.password.policy min_length 14`, parts after a dot."""
    return [
        f"{check_id} {name} {value}" for check_id, values in stated.items() for name, value in _flat(values)
    ]


def _flat(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{part}", str(each)) for part, each in value.items())
        else:
            yield name, words(value)


def from_lines(lines: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Thresholds from such lines. Raises ValueError that says which line cannot be read."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        words = line.split(None, 2)
        if len(words) != 3:
            raise ValueError(f"“{line}” is not a check, a name and a value.")
        check_id, name, value = words
        name, _, part = name.partition(".")
        check = catalogue.get(check_id)
        usual = check.thresholds.get(name) if check else None
        usual = usual.get(part) if part and isinstance(usual, Mapping) else usual
        try:
            given = value if usual is None else read(value, usual)
        except NotAValueError as error:
            raise ValueError(f"“{line}”: {error}") from None
        kept = found.setdefault(check_id, {})
        kept[name] = {**kept.get(name, {}), part: given} if part else given
    return found


def as_words(stated: Stated) -> list[tuple[str, list[tuple[str, str]]]]:
    """For reading: each check's title with its numbers, `Minimum length` as `min length`."""
    titles = {check_id: check.title if (check := catalogue.get(check_id)) else check_id for check_id in stated}
    return [
        (titles[check_id], [(name.replace("_", " ").replace(".", ", "), value) for name, value in _flat(values)])
        for check_id, values in stated.items()
    ]
