"""The two shapes that most AWS fact kinds have: a list in each region, and one row for each region."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.aws.answers import lists, row, unread
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.errors import as_body
from evidence.collectors.aws.permissions import iam_action
from evidence.collectors.base import CollectionError, Context, FactKind, Page

Make = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]
Ask = Callable[[AwsSession, str, Context], Mapping[str, Any]]


def actions(*calls: str) -> tuple[str, ...]:
    """The IAM actions of calls written as `service:Operation`."""
    return tuple(iam_action(*call.split(":", 1)) for call in calls)


def listed(
    id: str, title: str, call: str, key: str, make: Make, *,
    can_be_empty: bool = True, shared: bool = False, **parameters: Any,
) -> FactKind:
    """A list asked for in each region: one row for each thing listed. `shared`: another kind asks for it too."""
    service, operation = call.split(":", 1)

    def fetch(session: AwsSession, region: str) -> Iterator[Page]:
        if not shared:
            return session.pages(service, operation, region, expect=key, **parameters)
        answers = session.shared(service, operation, region, expect=key, **parameters)
        return (session.page(call, answer, region, **parameters) for answer in answers)

    def collect(session: AwsSession, context: Context) -> Iterator[Page]:
        return session.by_region(lambda region: fetch(session, region))

    return FactKind(id, title, collect, lists(key, make), actions(call), can_be_empty=can_be_empty)


def regional(id: str, title: str, calls: tuple[str, ...], ask: Ask, read: Make) -> FactKind:
    """One row for each region, also where nothing is set up there: what is missing is then seen.

    `ask(session, region, context)` brings the answers of a region by operation, `read(answers, place)` its fields.
    """

    def collect(session: AwsSession, context: Context) -> Iterator[Page]:
        def fetch(region: str) -> Iterator[Page]:
            yield session.page(calls[0], {"answers": dict(ask(session, region, context))}, region)

        return session.by_region(fetch)

    def named(answers: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
        return {"arn": f"account:{where['account']}/{where['region']}", **read(answers, where)}

    def rows(pages: Sequence[Page]) -> Iterator[Row]:
        for page in pages:
            if "answers" not in page.body:
                yield unread(page)
                continue
            yield row(page, page.body["answers"], named)

    return FactKind(id, title, collect, rows, actions(*calls))


def detailed(
    id: str, title: str, calls: tuple[str, ...], items: Callable[[AwsSession, str], Iterator[Any]],
    ask: Callable[[AwsSession, str, Any], Mapping[str, Any]], make: Make,
) -> FactKind:  # fmt: skip
    """A list in each region with further calls for each thing listed, eight at a time, fifty things to a page.

    `ask(session, region, item)` brings the answers about one item by operation, with `session.attempt`, so that a
    failure stays with its item. `make({"item": …, "answers": …}, place)` gives the fields of its row.
    """

    def collect(session: AwsSession, context: Context) -> Iterator[Page]:
        def fetch(region: str) -> Iterator[Page]:
            found = items(session, region)
            looked = session.gather(lambda item: {"item": item, "answers": ask(session, region, item)}, found)
            return chunked(session, calls[0], looked, region)

        return session.by_region(fetch)

    return FactKind(id, title, collect, lists("resources", make), actions(*calls), can_be_empty=True)


def chunked(
    session: AwsSession, call: str, looked: Iterator[Mapping[str, Any]], region: str, size: int = 50
) -> Iterator[Page]:
    """Details in pages of fifty. A region with nothing in it still leaves its empty page: it was looked at."""
    held: list[Mapping[str, Any]] = []
    written = False
    for detail in looked:
        held.append(detail)
        if len(held) == size:
            yield session.page(call, {"resources": held}, region)
            held, written = [], True
    if held or not written:
        yield session.page(call, {"resources": held}, region)


def whole(
    session: AwsSession, service: str, operation: str, region: str, key: str, **parameters: Any
) -> dict[str, Any]:
    """All pages of a short list as one answer."""
    answers = session.answers(service, operation, region, expect=key, **parameters)
    return {key: [item for answer in answers for item in answer[key]]}


def whole_or_error(
    session: AwsSession, service: str, operation: str, region: str, key: str, **parameters: Any
) -> dict[str, Any]:
    """Like `whole`, for one resource among many: a failure is kept as {"error": …}."""
    try:
        return whole(session, service, operation, region, key, **parameters)
    except CollectionError as error:
        return as_body(error)
