"""Accounts on GitHub: members, owners and outside collaborators of an organisation, and who from outside reaches a repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from evidence.checks.base import Row, Unreadable, known

from .base import COMMIT, Found, Listing, Reading, Rows, moment, tagged, text

MEMBERS, OUTSIDE, PUSHES, REPOSITORIES = (
    "github.members", "github.outside_collaborators", "github.direct_pushes", "github.repositories",
)  # fmt: skip
_STRONG = frozenset({"admin", "maintain"})


def _is_organization(rows: Rows, name: str) -> bool:
    return any(str(row.get("login")).lower() == name.lower() for row in rows.get("github.org", ()))


def _organization(rows: Rows, name: str, span: tuple[date, date]) -> Listing:
    services = tagged(rows)
    return Listing((*(_member(row, services) for row in rows[MEMBERS]), *(_outsider(row) for row in rows[OUTSIDE])))


def _member(row: Row, services: frozenset[str]) -> Found:
    """GitHub says neither since when somebody is a member nor when they were last there."""
    login = text(row, "login")
    try:
        owner, unread = bool(known(row, "owner")), ""
    except Unreadable as gap:
        owner, unread = True, f"Whether it is an owner could not be read: {gap.reason}"
    return Found(
        key=f"member:{login.lower()}", name=login, privileged=owner, entitlements=("Owner",) if owner else ("Member",),
        service=login.lower() in services or row.get("type") == "Bot", joins=(("github", login),), unread=unread,
    )  # fmt: skip


def _outsider(row: Row, only: str = "") -> Found:
    login = text(row, "login")
    try:
        reach, unread = dict(known(row, "repositories")), ""
    except Unreadable as gap:
        reach, unread = {}, f"Which repositories it reaches could not be read: {gap.reason}"
    held = {name: role for name, role in reach.items() if not only or name.lower() == only.lower()}
    return Found(
        key=f"outside:{login.lower()}", name=login, kind="outside", privileged=bool(unread) or bool(_STRONG & set(held.values())),
        entitlements=tuple(f"{name}: {role}" for name, role in sorted(held.items())), joins=(("github", login),),
        unread=unread, stands_for={} if only else {"github.org.outside_collaborators": f"collaborator:{row.get('login')}"},
    )  # fmt: skip


def _is_repository(rows: Rows, name: str) -> bool:
    return any(str(row.get("repository")).lower() == name.lower() for row in rows.get(REPOSITORIES, ()))


def _repository(rows: Rows, name: str, span: tuple[date, date]) -> Listing:
    """Who from outside reaches it, and which commits of the period came to its branch without a pull request."""
    reaching = [found for row in rows[OUTSIDE] if (found := _outsider(row, name)).entitlements or found.unread]
    return Listing((*reaching, *_pushes(rows[PUSHES], name, span)))


def _pushes(rows: Sequence[Row], name: str, span: tuple[date, date]) -> Iterator[Found]:
    """Raises Unreadable where the repository's commits could not be read."""
    first, last = span
    mine = [row for row in rows if str(row.get("repository")).lower() == name.lower()]
    for row in {str(row.get("id")): row for row in mine}.values():
        if row.get("sha") is None and "read" in row:
            known(row, "read")
            continue
        at, _ = moment(row, "at")
        if not _by_pull(row) and (at is None or first <= at.date() <= last):
            yield Found(
                key=f"commit:{text(row, 'sha')}", name=f"{text(row, 'sha')[:10]} {text(row, 'message')}"[:300], kind=COMMIT,
                status=text(row, "author")[:60], privileged=True, since=at, entitlements=("Commit without a pull request",),
                stands_for={"github.commits.direct_push": f"change:{row.get('id')}"},
            )  # fmt: skip


def _by_pull(row: Row) -> bool:
    """Whether it came by a pull request. Where that could not be read it is on the list: somebody has to look."""
    try:
        return known(row, "pull") is not None
    except Unreadable:
        return False


READINGS = (
    Reading(
        "github.organization", "github", "code_host", "GitHub members and outside collaborators",
        ("github.org", MEMBERS, OUTSIDE), MEMBERS, _is_organization, _organization,
    ),
    Reading(
        "github.repository", "github", "repository", "Outside collaborators, and commits without a pull request",
        (REPOSITORIES, OUTSIDE, PUSHES), OUTSIDE, _is_repository, _repository,
    ),
)  # fmt: skip
