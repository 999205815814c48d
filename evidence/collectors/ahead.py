"""The look at a kind goes on in a thread of its own while what came of the kind before it is written."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextvars import copy_context
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """One look at a time: vendors and throttles see the calls in the order in which they were always made.

    The thread must not touch the database: its transaction, its room and its locks are the caller's alone.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="look")

    def begin(self, look: Callable[[], T]) -> Future[T]:
        """Start a look. It sees the clock and the room's settings of the caller."""
        return self._pool.submit(copy_context().run, look)

    def wait(self, begun: Future[T], *, every: float, beat: Callable[[], None]) -> T:
        """What the look brought; `beat` is called each `every` seconds until then. Raises what the look or the beat raises."""
        while True:
            try:
                return begun.result(timeout=every)
            except NotYet:
                if begun.done():
                    raise
                beat()

    def close(self) -> None:
        """Wait for a look that is under way, and end."""
        self._pool.shutdown(wait=True, cancel_futures=True)
