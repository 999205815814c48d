"""How the Okta checks read rows: names of resources, moments, and what the scope register says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from evidence.checks.base import Facts, Finding, Outcome, Reason, Row, Unreadable

#: Statuses in which a person can sign in, or can be let in again without an administrator.
CAN_SIGN_IN = frozenset({"ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY"})

#: Applications that are Okta itself. They have no sign-on mode of their own to judge.
OKTA_ITSELF = frozenset({"saasure", "okta_enduser", "okta_browser_plugin", "okta_flow_sso", "flow"})

ORG = "org"

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def moment(text: object) -> datetime:
    """A vendor's date and time, in UTC. Okta mostly writes ISO 8601 and in places leaves out T and Z."""
    try:
        found = datetime.fromisoformat(str(text).replace(" ", "T"))
    except ValueError as fault:
        raise Unreadable(Reason.MALFORMED, f"not a time: {text}") from fault
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def user_name(row: Row) -> str:
    """The resource of a user: by login, which people recognise, else by id."""
    return f"user:{row.get('login') or row.get('id') or row.get('user_id') or '?'}"


def namer(rows: Sequence[Row], prefix: str, field: str = "name") -> Callable[[Row], str]:
    """A function from row to resource. A name that two rows share is followed by the id: a resource is one thing."""
    seen = Counter(str(row.get(field)) for row in rows)

    def name(row: Row) -> str:
        label = row.get(field)
        if label and seen[str(label)] == 1:
            return f"{prefix}:{label}"
        return f"{prefix}:{label} ({row.get('id')})" if label else f"{prefix}:{row.get('id') or '?'}"

    return name


def service_accounts(facts: Facts) -> frozenset[str]:
    """Ids and logins that the scope register tags as service accounts; none where it was not read.

    Leaving the tag out makes checks stricter, never more lenient, so an unread register needs no unknown.
    """
    return frozenset(
        _external(row).lower() for row in _scope(facts) if row.get("service_account") and row.get("external_id")
    )


def is_service_account(row: Row, tagged: Collection[str]) -> bool:
    """Whether a user row is one of the accounts tagged as belonging to no person."""
    keys = (row.get("id"), row.get("user_id"), row.get("login"))
    return any(str(key).lower() in tagged for key in keys if key)


def left_out(facts: Facts, kind: str) -> frozenset[str]:
    """External ids of a kind that were decided out of scope. Who has not been decided on counts as in scope."""
    return frozenset(
        _external(row) for row in _scope(facts) if row.get("kind") == kind and row.get("decision") == "out"
    )


def _scope(facts: Facts) -> Sequence[Row]:
    found = facts.sets.get("org.scope")
    return found.rows if found is not None and found.reason is None else ()


def _external(row: Row) -> str:
    """Okta's own id (or a login) of an entry of the scope register, which writes it `okta:0oa…`."""
    return str(row.get("external_id")).removeprefix("okta:")


def in_words(number: int, noun: str) -> str:
    """`nine days`, `one day`, `41 days`."""
    word = _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def verdict(resource: str, met: bool, message: str) -> Finding:
    """Pass or fail of one resource."""
    return Finding(resource, Outcome.PASS if met else Outcome.FAIL, message)


def listed(resource: str, message: str) -> Finding:
    """An entry of a population. It is there to be reviewed, and passes nothing by being there."""
    return Finding(resource, Outcome.NOT_APPLICABLE, message)


def unreadable(resource: str, gap: Unreadable) -> Finding:
    """One resource that could not be judged, with the reason."""
    return Finding(resource, Outcome.UNKNOWN, str(gap), gap.reason)
