"""Accounts in AWS: IAM users, the roles that administer everything, and assignments of Identity Center."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from evidence.checks.base import Row, Unreadable, known

from .base import Found, Listing, Reading, Rows, moment, parsed, tagged, text

USERS, GROUPS, ROLES, POLICIES = "aws.iam.users", "aws.iam.groups", "aws.iam.roles", "aws.iam.policies"
REPORT, SETS = "aws.iam.credential_report", "aws.sso.assignments"
_CHECK = "aws.iam.admin_population"
_EVERYTHING = ":aws:policy/AdministratorAccess"


def _is_account(rows: Rows, name: str) -> bool:
    named = rows.get("aws.account.regions", ()) or rows.get("aws.iam.account_summary", ())
    return any(str(row.get("account")) == name for row in named if "$unknown" not in row)


def _account(rows: Rows, name: str, span: tuple[date, date]) -> Listing:
    rows = {kind: _of_account(found, name) for kind, found in rows.items()}
    full = _Full(rows)
    used = {text(row, "arn"): row for row in rows.get(REPORT, ())}
    users = [_user(row, full, used.get(text(row, "arn")), tagged(rows)) for row in rows[USERS]]
    roles = [found for row in rows[ROLES] if (found := _role(row, full)) is not None]
    root = [_root(row) for row in used.values() if row.get("root")]
    sets = [found for row in rows.get(SETS, ()) for found in _assignments(row)]
    return Listing((*root, *users, *roles, *sets), {_CHECK: f"account:{name}"})


def _of_account(found: Sequence[Row], name: str) -> Sequence[Row]:
    """The rows of this account, where the connection sees several. Raises Unreadable where the account could not be read."""
    own = [row for row in found if str(row.get("account", name)) == name]
    for row in own:
        if row.get("arn") == f"account:{name}":
            known(row, "arn")
    return own


class _Full:
    """What gives full administration in this account."""

    def __init__(self, rows: Rows) -> None:
        self._own = {text(row, "arn") for row in rows[POLICIES] if _says(row, "allows_everything")}
        self._groups = {text(row, "name"): row for row in rows[GROUPS]}

    def by_policy(self, row: Row) -> bool:
        """Whether its own policies allow everything. Raises Unreadable."""
        attached = known(row, "attached")
        return any(str(each).endswith(_EVERYTHING) for each in attached) or bool(self._own & set(attached)) or bool(
            known(row, "inline_admin")
        )

    def by_group(self, names: Sequence[str]) -> bool:
        """Whether one of its groups does. Raises Unreadable."""
        return any(self.by_policy(self._groups[name]) for name in names if name in self._groups)


def _says(row: Row, field: str) -> bool:
    """What cannot be read counts as said: nobody can tell that it does not."""
    try:
        return bool(known(row, field))
    except Unreadable:
        return True


def _user(row: Row, full: _Full, report: Row | None, services: frozenset[str]) -> Found:
    groups, attached = [str(each) for each in row.get("groups") or ()], row.get("attached") or ()
    try:
        admin, unread = full.by_policy(row) or full.by_group(groups), ""
    except Unreadable as gap:
        admin, unread = True, f"Its policies could not be read: {gap.reason}"
    used, use_known = _last_used(report)
    since, _ = moment(row, "created")
    name, arn = text(row, "name"), text(row, "arn")
    held = [f"Group {each}" for each in groups] + [_policy_name(each) for each in attached if isinstance(each, str)]
    held += ["Inline policy that allows everything"] if row.get("inline_admin") is True else []
    return Found(
        key=arn or name, name=name, privileged=admin, service=bool({name.lower(), arn.rpartition(":")[2].lower()} & services),
        since=since, last_used=used, use_known=use_known, entitlements=tuple(sorted(held)), unread=unread,
        joins=(("aws", name),), stands_for={_CHECK: arn} if admin else {},
    )  # fmt: skip


def _root(row: Row) -> Found:
    used, use_known = _last_used(row)
    return Found(
        key=text(row, "arn"), name="Root user of the account", kind="root", privileged=True, last_used=used, use_known=use_known,
        entitlements=("Everything",),
    )  # fmt: skip


def _role(row: Row, full: _Full) -> Found | None:
    if row.get("service_linked"):
        return None
    try:
        if not full.by_policy(row):
            return None
        unread = ""
    except Unreadable as gap:
        unread = f"Its policies could not be read: {gap.reason}"
    since, _ = moment(row, "created")
    used, use_known = moment(row, "last_used")
    return Found(
        key=text(row, "arn"), name=f"Role {text(row, 'name')}", kind="role", privileged=True, since=since, last_used=used,
        use_known=use_known, entitlements=("Full administration",), unread=unread, stands_for={_CHECK: text(row, "arn")},
    )  # fmt: skip


def _assignments(row: Row) -> Iterator[Found]:
    """Who is assigned a permission set. Its principals are known by their ids of the identity store only."""
    name, arn = text(row, "name") or text(row, "arn"), text(row, "arn")
    try:
        assigned = known(row, "assignments")
    except Unreadable as gap:
        yield Found(
            key=f"set:{arn}", name=f"Permission set {name}", kind="group", privileged=True,
            unread=f"Who is assigned could not be read: {gap.reason}",
        )  # fmt: skip
        return
    for one in assigned:
        kind = "group" if one.get("type") == "GROUP" else "assignment"
        yield Found(
            key=f"{arn}|{one.get('type')}:{one.get('id')}", name=f"{str(one.get('type')).capitalize()} {one.get('id')}",
            kind=kind, privileged="admin" in name.lower(), entitlements=(f"Permission set {name}",),
            stands_for={SETS: arn}, joins=(("aws", str(one.get("id"))),),
        )  # fmt: skip


def _last_used(report: Row | None) -> tuple[datetime | None, bool]:
    """The latest use of password and keys, by the credential report; not known without it."""
    if report is None:
        return None, False
    password, is_known = moment(report, "password_last_used")
    keys = [parsed(key["used"]) for key in report.get("keys") or () if key.get("active") and isinstance(key.get("used"), str)]
    return max([each for each in (password, *(used for used, _ in keys)) if each], default=None), is_known


def _policy_name(arn: str) -> str:
    return f"Policy {arn.rsplit('/', 1)[-1]}"


READINGS = (
    Reading(
        "aws.account", "aws", "cloud_account", "IAM users, administering roles and Identity Center assignments",
        (USERS, GROUPS, ROLES, POLICIES), USERS, _is_account, _account, helps=(REPORT, SETS),
    ),
)  # fmt: skip
