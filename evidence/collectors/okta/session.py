"""An opened Okta organisation: lists by page, many small calls side by side, and nothing asked twice in a run."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from evidence.checks.base import Reason
from evidence.collectors.base import Call, CollectionError, Context, Json, Page
from evidence.collectors.client import Answer, Params, VendorClient, listed
from evidence.collectors.network import origin
from evidence.collectors.okta.app import ServiceApp

#: Okta counts requests in flight per organisation; eight leave room for everybody else.
AT_ONCE = 8
#: Sub-calls that share one stored page.
PER_PAGE = 100
#: The most pages of one list.
MOST_PAGES = 500

Found = TypeVar("Found")

# Okta answers 401 E0000015 where the organisation lacks a feature. The token is good.
_NO_FEATURE = "permission to access the feature"


@dataclass(frozen=True)
class Subject:
    """One of the many that a kind asks about in turn: what is known of it already, and the path to ask."""

    about: Mapping[str, Any]
    path: str
    params: Mapping[str, Any] | None = None


class OktaSession:
    """Calls one Okta organisation for one run. Raises CollectionError and nothing else."""

    def __init__(
        self, context: Context, base_url: str, token: str, *, timeout: float = 30.0, attempts: int = 4,
        max_wait: float = 120.0, scopes: Sequence[str] = (),
    ) -> None:
        """With a `token` it signs in as its owner, else as the connection's service app, asking for `scopes`."""
        self._context = context
        self._home = threading.get_ident()
        self._told: deque[Call] = deque()
        self._origin_of = base_url
        own = replace(context, log=self._log)
        patience: dict[str, Any] = {"timeout": timeout, "attempts": attempts, "max_wait": max_wait}
        self.app = None if token else ServiceApp(own, base_url, scopes, **patience)
        signed = {"Authorization": f"SSWS {token}"} if token else {}
        self.client = VendorClient(
            base_url=base_url, headers={**signed, "Accept": "application/json"}, context=own,
            credential=self.app.credential if self.app else None, **patience,
        )  # fmt: skip

    def close(self) -> None:
        """Close the connections."""
        self.client.close()
        if self.app is not None:
            self.app.close()

    def get(self, path: str, params: Params | None = None) -> Answer:
        """One answer."""
        return _asking(lambda: self.client.get(path, params))

    def pages(self, path: str, params: Params | None = None) -> list[Page]:
        """Every page of a list that `Link` headers chain, remembered for the other kinds of the run; so is a refusal.

        Raises Partial, which holds what was read before.
        """
        key = f"okta {path} {sorted((params or {}).items())}"
        if key not in self._context.memo:
            read: list[Page] = []
            try:
                for page in self._paging(path, params):
                    read.append(page)
                self._context.memo[key] = (read, None)
            except CollectionError as error:
                self._context.memo[key] = (read, error)
        pages, failure = self._context.memo[key]
        if failure is not None:
            raise Partial(failure, pages)
        return pages

    def stream(self, path: str, params: Params | None = None) -> Iterator[Page]:
        """Like `pages`, page by page: what was read before a failure is handed on before the failure is raised."""
        try:
            yield from self.pages(path, params)
        except Partial as partial:
            yield from partial.pages
            raise partial.error from partial

    def rows(self, path: str, params: Params | None = None) -> list[dict[str, Any]]:
        """Every entry of such a list. Raises where any page of it could not be read."""
        try:
            return [row for page in self.pages(path, params) for row in page.body]
        except Partial as partial:
            raise partial.error from partial

    def walk(self, path: str, params: Mapping[str, Any], rows: str | None = None) -> Iterator[tuple[Page, str | None]]:
        """Pages with the link to the next one, wherever Okta wrote it, until there is none or the caller stops.

        A list that leads back to a page already read, or never ends, is malformed.
        """
        query, seen = dict(params), set[str]()
        while True:
            asked = urlencode(sorted(query.items()))
            if asked in seen or len(seen) >= MOST_PAGES:
                raise CollectionError(
                    Reason.MALFORMED, "the list does not end, or runs in a circle", call=f"GET {path}",
                    remedy="Run again; if it persists, ask Okta. What was collected before is kept.",
                )  # fmt: skip
            seen.add(asked)
            answer = self.get(path, query)
            listed(answer.body, rows, answer.call)
            link = answer.next or _link_in(answer.body)
            yield Page(answer.call, query, answer.body), link
            if link is None:
                return
            query = self.query_of(link, answer.call)

    def query_of(self, link: str, call: str) -> dict[str, Any]:
        """The query of a next-page link. Raises where it leads to another host; the path is never taken from it."""
        try:
            same = origin(urljoin(self._origin_of, link)) == origin(self._origin_of)
        except ValueError:
            same = False
        if not same:
            raise CollectionError(
                Reason.MALFORMED, "next page points to another host", call=call,
                remedy="The token was not sent there. Check the organisation's address.",
            )  # fmt: skip
        return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))

    def ask_each(self, call: str, subjects: Iterable[Subject], *, per_page: int = PER_PAGE) -> Iterator[Page]:
        """Ask about each subject, a few at once, and bring the answers in pages of up to `per_page` subjects.

        One subject's refusal stays with it, as {"error": …}. What concerns the whole connection (the token is
        refused, the limit is reached) and a refusal of all alike are raised.
        """
        remaining = iter(subjects)
        while chunk := list(islice(remaining, per_page)):
            answers = self._side_by_side(chunk)
            failed = [answer for answer in answers if isinstance(answer, CollectionError)]
            for error in failed:
                if error.status == 401 or error.reason is Reason.RATE_LIMITED or len(failed) == len(chunk):
                    raise error
            body = [_entry(subject, answer) for subject, answer in zip(chunk, answers, strict=True)]
            yield Page(call, {"asked": len(chunk)}, body)

    def _side_by_side(self, chunk: Sequence[Subject]) -> list[list[Json] | CollectionError]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(self._one, chunk))
        while self._told:
            self._context.log(self._told.popleft())
        return answers

    def _one(self, subject: Subject) -> list[Json] | CollectionError:
        try:
            return [row for page in self._paging(subject.path, subject.params) for row in page.body]
        except CollectionError as error:
            return error

    def _paging(self, path: str, params: Params | None) -> Iterator[Page]:
        pages = self.client.pages(path, params)
        while True:
            try:
                page = _asking(lambda: next(pages))
            except StopIteration:
                return
            yield page

    def _log(self, call: Call) -> None:
        """The log may write to the database, which belongs to the thread that opened the session."""
        if threading.get_ident() == self._home:
            self._context.log(call)
        else:
            self._told.append(call)


class Partial(Exception):
    """A list that broke off: the pages that were read, and why no more could be."""

    def __init__(self, error: CollectionError, pages: list[Page]) -> None:
        super().__init__(error.message)
        self.error = error
        self.pages = pages


def _asking(ask: Callable[[], Found]) -> Found:
    """Call, and tell a missing feature from a refused token."""
    try:
        return ask()
    except CollectionError as error:
        if _NO_FEATURE in error.message and error.status in (401, 403):
            raise CollectionError(
                Reason.NOT_LICENSED, error.message, call=error.call, status=403,
                remedy="This organisation does not have the feature. Buy it, or say in scope why it is not needed.",
            ) from error  # fmt: skip
        raise


def _link_in(body: Json) -> str | None:
    """Role assignments carry their next link in the body rather than in a header."""
    links = body.get("_links") if isinstance(body, dict) else None
    following = links.get("next") if isinstance(links, dict) else None
    return str(following["href"]) if isinstance(following, dict) and following.get("href") else None


def _entry(subject: Subject, answer: list[Json] | CollectionError) -> dict[str, Any]:
    if isinstance(answer, CollectionError):
        return {"about": dict(subject.about), "error": {"reason": answer.reason.value, "message": answer.message}}
    return {"about": dict(subject.about), "answer": answer}
