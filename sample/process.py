"""The processes of the sample: the vendors in one of their own, so that their work does not hold up the collectors' and moto
stays out of ours; and those that collect and judge side by side, as workers do."""

from __future__ import annotations

import gc
import multiprocessing
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from multiprocessing.connection import Connection
from typing import Any

from django.db import connection as database

from sample.base import Clock, Planted

_START = 90.0
_STEP = 60.0
#: How seldom garbage is looked for where a build is over in minutes.
_SELDOM = (10_000, 10, 50)


class VendorsAway(RuntimeError):
    """The vendors' process ended or does not answer."""


class BesideFailed(RuntimeError):
    """What was done in another process did not end well; it said why on standard error."""


class WorkerProcess:
    """A process that does jobs against the database, one after another, as a worker does. It is forked outside of any
    transaction, and sees what is committed. A job is a function of a module with what it takes: both go through a pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._pipe), daemon=True)
        self._process.start()
        theirs.close()
        self._under_way = False

    def begin(self, job: Callable[..., None], *given: Any) -> None:
        """Let it set out; `finish` before the next."""
        self._pipe.send((job, given))
        self._under_way = True

    def finish(self) -> None:
        """Wait for what it is at. Raises BesideFailed."""
        if not self._under_way:
            return
        self._under_way = False
        try:
            fault = self._pipe.recv()
        except EOFError:
            fault = "The process ended."
        if fault:
            raise BesideFailed(fault)

    def close(self) -> None:
        self._pipe.close()
        self._process.join(5)


@contextmanager
def worker_processes(number: int) -> Iterator[list[WorkerProcess]]:
    """So many of them, which end with the block."""
    usual = gc.get_threshold()
    gc.freeze()  # what is loaded by now stays: not worth looking through for garbage
    gc.set_threshold(*_SELDOM)
    workers = [WorkerProcess() for _ in range(number)]
    try:
        yield workers
    finally:
        for worker in reversed(workers):  # a later one holds a copy of the pipes of those before it
            worker.close()
        gc.set_threshold(*usual)


def finish_all(workers: Iterable[WorkerProcess]) -> None:
    """Wait for each, also where one failed, and then say so. Raises BesideFailed."""
    faults = []
    for worker in workers:
        try:
            worker.finish()
        except BesideFailed as fault:
            faults.append(fault)
    if faults:
        raise faults[0]


def _work(pipe: Connection, theirs: Connection) -> None:
    theirs.close()
    database.connection = None  # it is the parent's: closing it would end the parent's session
    try:
        while True:
            job, given = pipe.recv()
            try:
                job(*given)
            except Exception as fault:  # noqa: BLE001 - whatever it is, the parent has to hear of it
                traceback.print_exc()
                pipe.send(f"What was done beside failed: {fault!r}")
            else:
                pipe.send("")
    except EOFError:
        pass
    finally:
        database.close()


class VendorsProcess:
    """A handle on the process: tell it to advance, ask where it listens. It starts while we do something else."""

    def __init__(self, end: datetime) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, end), daemon=True)
        self._process.start()
        theirs.close()  # so that a child that dies is an end of file here, and not a silence
        self._towards: int | None = None

    @cached_property
    def _told(self) -> tuple[dict[str, str], list[Planted]]:
        endpoints, listed = self._answer(_START)
        return endpoints, [Planted(**fields) for fields in listed]

    @property
    def endpoints(self) -> dict[str, str]:
        """Where they listen, by vendor. Waits until they do."""
        return self._told[0]

    @property
    def planted(self) -> list[Planted]:
        """What was planted. Waits until it stands."""
        return self._told[1]

    def set_out(self, day: int) -> None:
        """Begin to move the story to a day; nothing may be asked of the vendors before `advance` returned."""
        self._pipe.send(day)
        self._towards = day

    def advance(self, day: int) -> None:
        """Move the story to a day; returns when the vendors stand there."""
        if self._towards != day:
            self.set_out(day)
        self._answer(_STEP)
        self._towards = None

    def _answer(self, seconds: float):  # noqa: ANN202
        try:
            if self._pipe.poll(seconds):
                return self._pipe.recv()
        except EOFError:
            pass
        raise VendorsAway("The sample vendors do not answer.")

    def close(self) -> None:
        if "_told" not in self.__dict__:  # nobody needed them
            self._process.terminate()
            self._process.join(5)
            return
        try:
            self._pipe.send(None)
        except (BrokenPipeError, OSError):
            return
        self._process.join(5)


@contextmanager
def vendors_process(end: datetime) -> Iterator[VendorsProcess]:
    """The vendors, from the first day of the story that ends at `end`."""
    process = VendorsProcess(end)
    try:
        yield process
    finally:
        process.close()


def _serve(pipe: Connection, end: datetime) -> None:
    from sample.vendors import SampleVendors

    vendors = SampleVendors(Clock(end))
    gc.freeze()  # three worlds that stay: not worth looking through for garbage
    gc.set_threshold(*_SELDOM)
    pipe.send((vendors.endpoints, [_told(planted) for planted in vendors.planted]))
    while True:
        try:
            day = pipe.recv()
        except EOFError:
            return
        if day is None:
            return
        vendors.advance(day)
        pipe.send(day)


def _told(planted: Planted) -> dict[str, object]:
    """What of a defect can be told to another process: all but how it is done."""
    return {name: getattr(planted, name) for name in ("id", "connection", "day", "check", "resources", "title", "until")}
