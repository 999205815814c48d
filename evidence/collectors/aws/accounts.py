"""Several accounts through one connection: each opened by a role of its own, each read or said to be unreadable.

Our own identity assumes the role in every account with the connection's ExternalId, so that each account's owner decides
for themselves whom they let in; nothing is reached by way of the management account but the list.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from evidence.checks.base import Row, unknown
from evidence.collectors.aws.client import AwsSession, Pools, mark
from evidence.collectors.aws.opening import home_of, open_account
from evidence.collectors.aws.organization import Member, account_rows, listing, members_of
from evidence.collectors.base import Call, CollectionError, Context, FactKind, Page

#: Accounts that are looked at side by side; their calls share the threads of one connection.
AT_ONCE = 4
#: With more accounts than this, what one holds in memory is let go of after each kind.
FEW = 10
#: What these answer is of the whole organisation, and only its management account or a delegate may ask.
FROM_THE_TOP = frozenset({"aws.sso.instances", "aws.sso.assignments"})
#: The call of a page that stands for an account which could not be read.
UNREAD = "account"
_BEAT = 1.0  # seconds between looks at what was called meanwhile: the run's lease is held on to by its log

T = TypeVar("T")


class AwsAccounts:
    """An opened organisation. `home` is the account of the connection's own role, `members` all that are listed."""

    def __init__(self, context: Context, home: AwsSession, members: tuple[Member, ...], pools: Pools) -> None:
        self.context, self.home, self.members = context, home, members
        self._pools = pools
        self._opened: dict[str, AwsSession | CollectionError] = {home.account: home}
        self._told: deque[Call] = deque()

    @property
    def looked_at(self) -> list[Member]:
        return [member for member in self.members if not member.left_out]

    def close(self) -> None:
        for session in self._sessions():
            session.close()
        self._pools.close()
        self._tell()

    def each(self, look: Callable[[AwsSession], T]) -> Iterator[tuple[Member, T | CollectionError]]:
        """What `look` brings of each account, in their order; of one that cannot be opened or read, why."""
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="aws-account", initializer=mark)
        waiting: deque[tuple[Member, Future[T | CollectionError]]] = deque()
        try:
            for member in self.looked_at:
                waiting.append((member, pool.submit(self._look, member, look)))
                if len(waiting) >= 2 * AT_ONCE:  # memory does not grow with the organisation
                    yield self._answer(*waiting.popleft())
            while waiting:
                yield self._answer(*waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)
            self._tell()

    def _look(self, member: Member, look: Callable[[AwsSession], T]) -> T | CollectionError:
        try:
            session = self._session(member)
            try:
                return look(session)
            finally:
                if len(self.members) > FEW and session is not self.home:
                    session.rest()
        except CollectionError as error:
            return error

    def _answer(self, member: Member, future: Future[T | CollectionError]) -> tuple[Member, T | CollectionError]:
        while not future.done():
            wait([future], timeout=_BEAT)
            self._tell()
        self._tell()
        return member, future.result()

    def _session(self, member: Member) -> AwsSession:
        """An account is opened once a run; a refusal holds for all of it."""
        if member.id not in self._opened:
            try:
                context = replace(member_context(self.context, member, self.home.partition), log=self._told.append)
                self._opened[member.id] = open_account(context, pools=self._pools)
            except CollectionError as error:
                self._opened[member.id] = explained(error, member, self.context, self.home.partition)
        found = self._opened[member.id]
        if isinstance(found, CollectionError):
            raise found
        return found

    def _sessions(self) -> list[AwsSession]:
        return [one for one in list(self._opened.values()) if isinstance(one, AwsSession)]

    def _tell(self) -> None:
        for session in self._sessions():
            session.tell()
        while self._told:
            self.context.log(self._told.popleft())


def role_in(context: Context, member: Member, partition: str) -> str:
    """The ARN of the role that is assumed in a member account."""
    return f"arn:{partition}:iam::{member.id}:role/{str(context.config['member_role']).strip().strip('/')}"


def member_context(context: Context, member: Member, partition: str) -> Context:
    """The connection's context with a member account's role in place of its own."""
    return replace(context, config={**context.config, "role_arn": role_in(context, member, partition)})


def explained(error: CollectionError, member: Member, context: Context, partition: str) -> CollectionError:
    """A failure to open an account, with the account and the role in its words."""
    role = role_in(context, member, partition)
    if error.call == "sts:AssumeRole":
        error.permission = f"sts:AssumeRole on {role}"
        if error.status == 403:
            error.remedy = (
                f"Deploy the role to this account (the template on the connection's page, as a StackSet), so that {role} "
                "names our principal and this connection's ExternalId; or leave the account out of the connection."
            )
    error.message = f"Account {member.label}: {error.message}"
    return error


def open_session(context: Context) -> AwsSession | AwsAccounts:
    """Open the connection's account and, where it names a role of member accounts, list those of the organisation.
    Raises CollectionError where the one or the other fails."""
    if not str(context.config.get("member_role") or "").strip():
        return open_account(context)
    pools = Pools()
    try:
        home = open_account(context, pools=pools)
        return AwsAccounts(context, home, members_of(home, context), pools)
    except CollectionError:
        pools.close()
        raise


def in_each_account(kind: FactKind) -> FactKind:
    """A kind of one account as a kind of however many the connection sees."""

    def collect(session: AwsSession | AwsAccounts, context: Context) -> Iterator[Page]:
        if isinstance(session, AwsSession):
            yield from kind.collect(session, context)
        elif kind.id in FROM_THE_TOP:
            session.home.organization = tuple(member.id for member in session.looked_at)
            yield from kind.collect(session.home, context)
        else:
            yield from _over(kind, session, context)

    def rows(pages: Sequence[Page]) -> Iterator[Row]:
        for _, held in groupby(pages, key=lambda page: page.parameters.get("account")):
            own = list(held)
            lost = next((page for page in own if page.call == UNREAD), None)
            if lost is None:
                yield from kind.rows(own)
            elif "error" in lost.body:
                yield _unread(lost)

    return replace(kind, collect=collect, rows=rows, estate="account")


def _over(kind: FactKind, accounts: AwsAccounts, context: Context) -> Iterator[Page]:
    """The pages of each account. Where none could be read, that is raised; where some could not, it is told as well."""
    failures: list[CollectionError] = []
    for member, found in accounts.each(lambda session: list(kind.collect(session, session.context))):
        if isinstance(found, CollectionError):
            failures.append(found)
            yield Page(UNREAD, {"account": member.id, "region": home_of(context)}, {"error": _kept(found)})
            continue
        yield from found or [Page(UNREAD, {"account": member.id, "region": home_of(context)}, {})]
    if failures and len(failures) == len(accounts.looked_at):
        raise failures[0]
    context.partly += failures


def _kept(error: CollectionError) -> dict[str, object]:
    return {
        "reason": error.reason.value, "message": error.message, "status": error.status, "remedy": error.remedy,
        "permission": error.permission,
    }  # fmt: skip


def _unread(page: Page) -> Row:
    """The row that stands for an account which could not be read: every field of it is unknown, and says why."""
    account, error = page.parameters["account"], page.body["error"]
    missing = f" Missing: {error['permission']}." if error.get("permission") else ""
    return {
        "account": account, "region": page.parameters["region"], "arn": f"account:{account}",
        **unknown(error["reason"], f"{error['message']}{missing}"),
    }  # fmt: skip


def _collect_accounts(session: AwsSession | AwsAccounts, context: Context) -> Iterator[Page]:
    if isinstance(session, AwsSession):
        yield listing([Member(session.account)], {}, session)
        return
    opened = [(member.id, found) for member, found in session.each(lambda one: one.account)]
    failures = {id: found for id, found in opened if isinstance(found, CollectionError)}
    context.partly += failures.values()
    yield listing(session.members, failures, session.home)


ACCOUNTS = FactKind(
    "aws.organization.accounts", "Accounts that the connection sees", _collect_accounts, account_rows, ()
)
