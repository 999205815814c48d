"""An opened AWS account: the one place through which every call goes, is timed, told and understood."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from botocore import xform_name
from botocore.exceptions import ClientError

from evidence.checks.base import Reason
from evidence.collectors.aws import errors
from evidence.collectors.aws.answers import plain, rows_in
from evidence.collectors.base import Call, CollectionError, Context, Json, Page

THREADS = 8
_ours = threading.local()
T = TypeVar("T")


class Pools:
    """The threads that a connection's calls run in, however many accounts it sees."""

    def __init__(self) -> None:
        self.items = ThreadPoolExecutor(THREADS, thread_name_prefix="aws", initializer=mark)
        self.regions = ThreadPoolExecutor(THREADS, thread_name_prefix="aws-region", initializer=mark)

    def close(self) -> None:
        self.regions.shutdown(cancel_futures=True)
        self.items.shutdown(cancel_futures=True)


class AwsSession:
    """Calls as the assumed role of one account. `pools` are shared where a connection sees several.

    `probing` makes every list stop at its first page and every fan-out at its first item: with it, collecting
    each kind once tries each permission once (see probe.py).
    """

    def __init__(
        self, context: Context, build: Callable[[str, str], Any], *, account: str, arn: str,
        partition: str, regions: tuple[str, ...], probing: bool = False, pools: Pools | None = None,
    ) -> None:
        self.context = context
        self.account, self.arn, self.partition, self.regions = account, arn, partition, regions
        self.probing = probing
        self.organization: tuple[str, ...] = ()  # the accounts that questions about the whole organisation are of
        self._build = build
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._told: deque[Call] = deque()
        self._pools, self._owns_pools = pools or Pools(), pools is None

    @property
    def home(self) -> str:
        """The region that account-wide questions go to."""
        return self.regions[0]

    def close(self) -> None:
        if self._owns_pools:
            self._pools.close()
        self.tell()
        self._clients.clear()

    def rest(self) -> None:
        """Let go of what an account that is not asked for a while would only hold in memory."""
        self._clients.clear()
        kept = self._key("ec2", "DescribeRegions")
        for key in [key for key in self.context.memo if key.startswith(self._key()) and not key.startswith(kept)]:
            self.context.memo.pop(key, None)

    def _key(self, *parts: str) -> str:
        """The beginning of what this account's shared answers are remembered under."""
        return ":".join(("aws", self.account, *parts, ""))

    # One call

    def call(
        self, service: str, operation: str, region: str | None = None, *,
        expect: str = "", absent: tuple[str, ...] = (), **parameters: Any,
    ) -> dict[str, Any]:
        """One answer as plain JSON.

        `expect` names a field that the answer must hold, else it is malformed: botocore reads a broken JSON body as
        an empty answer. `absent` are the error codes that mean "there is none of it", kept as {"absent": code}.
        """
        where = region or self.home
        client, method = self._client(service, where), xform_name(operation)
        return self._once(
            lambda: getattr(client, method)(**parameters), service, operation, where, parameters, expect, absent
        )

    def attempt(self, service: str, operation: str, region: str | None = None, **options: Any) -> dict[str, Any]:
        """Like `call`, for one resource among many: a failure is kept as {"error": …} and harms no other."""
        try:
            return self.call(service, operation, region, **options)
        except CollectionError as error:
            return errors.as_body(error)

    # Lists

    def answers(
        self, service: str, operation: str, region: str | None = None, *,
        expect: str = "", absent: tuple[str, ...] = (), **parameters: Any,
    ) -> Iterator[dict[str, Any]]:
        """Each page of a list, by botocore's paginator where there is one."""
        where = region or self.home
        client, method = self._client(service, where), xform_name(operation)
        if not client.can_paginate(method):
            yield self.call(service, operation, where, expect=expect, absent=absent, **parameters)
            return
        paginator = client.get_paginator(method)
        expect = expect or str(paginator.result_keys[0].expression)
        turn = iter(paginator.paginate(**parameters))
        while True:
            try:
                yield self._once(lambda: next(turn), service, operation, where, parameters, expect, absent)
            except StopIteration:
                return
            if self.probing:
                return

    def pages(self, service: str, operation: str, region: str | None = None, **options: Any) -> Iterator[Page]:
        """The answers of a list as pages to be stored."""
        told = {k: v for k, v in options.items() if k not in ("expect", "absent")}
        for body in self.answers(service, operation, region, **options):
            yield self.page(f"{service}:{operation}", body, region, **told)

    def shared(self, service: str, operation: str, region: str | None = None, **options: Any) -> list[dict[str, Any]]:
        """The answers of a list that several kinds need: asked once in a run. A failure is remembered as well."""
        asked = json.dumps(options, sort_keys=True, default=str)
        key = f"{self._key(service, operation)}{region or self.home}:{asked}"
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:
            if key not in self.context.memo:
                try:
                    self.context.memo[key] = list(self.answers(service, operation, region, **options))
                except CollectionError as error:
                    self.context.memo[key] = error
        found = self.context.memo[key]
        if isinstance(found, CollectionError):
            raise found
        return list(found)

    def page(self, call: str, body: Json, region: str | None = None, **parameters: Any) -> Page:
        return Page(call, {"account": self.account, "region": region or self.home, **plain(parameters)}, body)

    # Many at once

    def gather(self, function: Callable[[Any], T], items: Iterable[Any]) -> Iterator[T]:
        """Results in order, eight at a time. `function` must not raise CollectionError: it uses `attempt`."""
        yield from self._fan(self._pools.items, function, items)

    def by_region(self, fetch: Callable[[str], Iterable[Page]]) -> Iterator[Page]:
        """Pages of each region. One that cannot be read is kept as an error page; where none can, that is raised."""

        def look(region: str) -> list[Page] | CollectionError:
            try:
                return list(fetch(region))
            except CollectionError as error:
                return self._explained(error, region)

        found = list(zip(self.regions, self._fan(self._pools.regions, look, self.regions), strict=False))
        failures = [outcome for _, outcome in found if isinstance(outcome, CollectionError)]
        if failures and len(failures) == len(found):
            raise failures[0]
        for region, outcome in found:
            if isinstance(outcome, CollectionError):
                yield self.page(outcome.call, errors.as_body(outcome), region)
            else:
                yield from outcome

    def _fan(self, pool: ThreadPoolExecutor, function: Callable[[Any], T], items: Iterable[Any]) -> Iterator[T]:
        waiting: deque[Future[T]] = deque()
        source = iter(items) if not self.probing else islice(items, 1)
        for item in source:
            waiting.append(pool.submit(function, item))
            if len(waiting) >= 4 * THREADS:  # a bounded window: memory does not grow with the account
                yield self._told_of(waiting.popleft())
        while waiting:
            yield self._told_of(waiting.popleft())

    def _told_of(self, future: Future[T]) -> T:
        result = future.result()
        self.tell()
        return result

    # Beneath

    def _client(self, service: str, region: str) -> Any:
        with self._lock:  # making clients is not thread-safe, using them is
            if (service, region) not in self._clients:
                self._clients[service, region] = self._build(service, region)
            return self._clients[service, region]

    def _once(
        self, ask: Callable[[], Any], service: str, operation: str, region: str,
        parameters: dict[str, Any], expect: str, absent: tuple[str, ...],
    ) -> dict[str, Any]:
        self.context.throttle()
        began = time.monotonic()
        told = {"region": region, **plain(parameters)}
        try:
            answer = ask()
        except StopIteration:
            raise
        except Exception as error:
            failed = errors.collection_error(error, service, operation, region)
            code = errors.code_of(error) if isinstance(error, ClientError) else ""
            self._log(failed.call, told, failed.status, began, None, "" if code in absent else failed.message)
            if code and code in absent:
                return {"absent": code}
            raise failed from error
        metadata = answer.pop("ResponseMetadata", {})
        body = plain(answer)
        lacking = bool(expect) and not _holds(body, expect)
        self._log(
            f"{service}:{operation}", told, metadata.get("HTTPStatusCode"), began, rows_in(body, expect),
            f"The answer held no {expect}." if lacking else "",
        )
        if lacking:
            raise CollectionError(
                Reason.MALFORMED, f"{service}:{operation} in {region} answered without {expect}.",
                call=f"{service}:{operation}", status=metadata.get("HTTPStatusCode"),
            )
        return body

    def _explained(self, error: CollectionError, region: str) -> CollectionError:
        """A refusal in a region that is switched off is that, not a lack of permission."""
        if error.reason is Reason.DENIED and region != self.home and self._status_of(region) == "not-opted-in":
            return errors.region_switched_off(region, error.call)
        return error

    def _status_of(self, region: str) -> str:
        try:
            known = self.shared("ec2", "DescribeRegions", expect="Regions", AllRegions=True)
        except CollectionError:
            return ""
        listed = {row.get("RegionName"): row.get("OptInStatus", "") for row in known[0]["Regions"]}
        return str(listed.get(region, ""))

    def _log(
        self, call: str, parameters: dict[str, Any], status: int | None, began: float, rows: int | None, error: str
    ) -> None:
        milliseconds = round((time.monotonic() - began) * 1000)
        self._told.append(Call(call, parameters, status, milliseconds, rows, error))
        self.tell()

    def tell(self) -> None:
        """Tell the run's log, never from a thread of our own: the log may be a database that theirs have no door to."""
        if getattr(_ours, "here", False):
            return
        while self._told:
            self.context.log(self._told.popleft())


def mark() -> None:
    """Make the thread known as one of ours, which tells the run's log nothing by itself."""
    _ours.here = True


def _holds(body: dict[str, Any], path: str) -> bool:
    value: Any = body
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value is not None
