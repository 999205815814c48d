"""What a collector is: it brings the raw answers of one fact kind from one system, and judges nothing.

No models here: a vendor's folder can be used and tested without a database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from evidence.checks.base import Reason, Row

from .shapes import Shape

Json = Any


class CollectionError(Exception):
    """A call failed. `reason` says how it counts, `remedy` what a person can do about it, in a sentence.

    `status` is the HTTP status where there was one; `permission` the one that is missing, where known.
    """

    def __init__(
        self, reason: Reason, message: str, *, remedy: str = "", call: str = "",
        status: int | None = None, permission: str = "", retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.remedy = remedy
        self.call = call
        self.status = status
        self.permission = permission
        self.retry_after = retry_after


@dataclass(frozen=True)
class Call:
    """One line of a run's log: what was called and what came back. Never holds a secret."""

    call: str
    parameters: Mapping[str, Any]
    status: int | None
    milliseconds: int
    rows: int | None = None
    error: str = ""


@dataclass(frozen=True)
class Page:
    """One raw answer, as stored: the call that brought it, its parameters, and the body untouched (JSON)."""

    call: str
    parameters: Mapping[str, Any]
    body: Json


@dataclass
class Context:
    """What a vendor needs to collect for one connection.

    `validators`: what addresses answered before, where the vendor takes conditional requests.
    `config` and `secret` are the connection's fields by name; `endpoint` replaces the vendor's base URL
    (tests, sample company); `now` is the product's clock at the start of the run; `cursor` is what the kind's
    last good collection left behind, and `next_cursor` what this one leaves; `log` is told of each call;
    `sleep` is how waiting is done, so that tests do not wait; `partly` is what of a kind could not be read while the rest
    of it was: an account of several.
    """

    config: Mapping[str, Any]
    secret: Mapping[str, str]
    now: datetime
    endpoint: str | None = None
    cursor: Mapping[str, Any] | None = None
    next_cursor: dict[str, Any] | None = None
    log: Callable[[Call], None] = lambda call: None
    sleep: Callable[[float], None] = time.sleep
    throttle: Callable[[], None] = lambda: None
    partly: list[CollectionError] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)  # shared by the kinds of one run: no call is made twice
    validators: Validators | None = None


@dataclass(frozen=True)
class Kept:
    """An answer as it was kept to be asked about again: its validators, the bytes, the link to the next page."""

    etag: str
    modified: str
    content: bytes
    following: str


class Validators(Protocol):
    """Answers kept by address. Neither call may raise: without them everything is asked in full."""

    def find(self, address: str) -> Kept | None: ...

    def keep(self, address: str, answer: Kept) -> None: ...


class Session(Protocol):
    """An opened vendor: whatever its collectors call. Closed at the end of the run."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class FactKind:
    """One kind of fact, and how to bring it.

    `collect(session, context)` yields raw pages and raises CollectionError; `rows(pages)` is a pure function of
    stored pages to fact rows (JSON values). A sub-call that fails for one resource alone is kept in its page as
    {"error": {"reason": …}} and becomes `checks.base.unknown(reason)` in that row's field.
    `can_be_empty`: zero rows can be the truth. `permissions`: the least it needs, in the vendor's own words.
    `incremental`: new pages add to earlier ones (populations); otherwise a collection replaces what was seen. It moves
    `context.next_cursor` on before it yields the page that this speaks of: both are kept at once. `parts` names what of the
    cursor holds one state per source; a state may say `from`, `to`, `whole` (ISO 8601) and `rows`. `overlap` is what is asked again
    each time, `back` how far a first collection reaches. `recall(pages, context)` fills the run's memo from pages that an
    earlier worker of the same run has read.
    `estate`: the parameter of a page that says which account it is of, where a connection may see several.
    `shape`: what its rows look like, of a kind that is pushed; such a one is never collected.
    """

    id: str
    title: str
    collect: Callable[[Any, Context], Iterator[Page]]
    rows: Callable[[Sequence[Page]], Iterable[Row]]
    permissions: tuple[str, ...]
    can_be_empty: bool = False
    incremental: bool = False
    version: int = 1
    parts: str = ""
    overlap: timedelta = timedelta()
    back: timedelta | None = None
    recall: Callable[[Iterable[Page], Context], None] | None = None
    estate: str = ""
    shape: Shape | None = None

    def estates(self, pages: Iterable[Page]) -> tuple[str, ...]:
        """The accounts that pages speak of, empty ones included: what was looked at and held nothing."""
        seen = (str(page.parameters[self.estate]) for page in pages if self.estate in page.parameters)
        return tuple(dict.fromkeys(seen)) if self.estate else ()

    @property
    def schema(self) -> dict[str, Any] | None:
        """The JSON Schema of a row that is pushed; None of a kind that is collected."""
        return self.shape.schema(self.id, self.title, self.version) if self.shape else None


@dataclass(frozen=True)
class Discovery:
    """A system that a connection saw: kind is one of the scope register's (account, repository, application, …)."""

    kind: str
    external_id: str
    name: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One field of a vendor's connection form. A secret one is encrypted and never shown again; `address` says where
    the secrets are sent."""

    name: str
    label: str
    hint: str = ""
    secret: bool = False
    required: bool = True
    multiline: bool = False
    address: bool = False


@dataclass(frozen=True)
class PermissionResult:
    """One line of "test connection": what was tried, whether it may be done, and what to grant where not."""

    permission: str
    allowed: bool
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Vendor:
    """A vendor as the product knows it: its form, its fact kinds, how to open it and how to test it.

    `identity(session, context)` says as whom we are signed in (stored with each snapshot).
    `test(context)` returns one PermissionResult per permission needed; it raises nothing.
    `discover(rows_by_kind)` turns collected rows into discoveries for the scope register.
    `setup` is the least-privilege instruction, in Markdown.
    `faults(config, secret)` says by field what no single field can tell: which of them have to be there together.
    `pushed`: nothing is collected from it; its facts come to us.
    """

    id: str
    title: str
    fields: tuple[Field, ...]
    kinds: tuple[FactKind, ...]
    open: Callable[[Context], Any]
    identity: Callable[[Any, Context], str]
    test: Callable[[Context], list[PermissionResult]]
    discover: Callable[[Mapping[str, Sequence[Row]]], list[Discovery]]
    setup: str = ""
    faults: Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, str]] = lambda config, secret: {}
    pushed: bool = False

    def kind(self, id: str) -> FactKind:
        return next(kind for kind in self.kinds if kind.id == id)


def collect_all(vendor: Vendor, context: Context, kinds: Iterable[str] | None = None) -> dict[str, tuple[list[Page], Reason | None, str]]:
    """Collect every kind (or the ones named) in one session, without a database: for tests and the sample world.

    Returns kind -> (pages, reason it could not be read or None, message).
    """
    wanted = set(kinds) if kinds is not None else {kind.id for kind in vendor.kinds}
    found: dict[str, tuple[list[Page], Reason | None, str]] = {}
    try:
        session = vendor.open(context)
    except CollectionError as error:
        return {id: ([], error.reason, error.message) for id in wanted}
    try:
        for kind in vendor.kinds:
            if kind.id not in wanted:
                continue
            pages: list[Page] = []
            try:
                pages.extend(kind.collect(session, context))
                found[kind.id] = (pages, None, "")
            except CollectionError as error:
                found[kind.id] = (pages, error.reason, error.message)
    finally:
        session.close()
    return found
