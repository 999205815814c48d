"""A client that keeps its connection: latency alone, and throughput with eight of them."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import dataclass

import httpx

CLIENTS = 8


@dataclass(frozen=True)
class Latency:
    """Milliseconds."""

    p50: float
    p95: float


class Refused(Exception):
    """The URL does not answer 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered {status}")
        self.status = status


def latency(url: str, headers: dict[str, str], requests: int) -> Latency:
    """One client, one request after the other, after three that warm both workers up."""
    times = []
    with httpx.Client(headers=headers, timeout=30) as client:
        for number in range(requests + 4):
            began = time.perf_counter()
            answer = client.get(url)
            if answer.status_code != 200:
                raise Refused(answer.status_code)
            if number >= 4:
                times.append(1000 * (time.perf_counter() - began))
    return Latency(statistics.median(times), sorted(times)[int(0.95 * (len(times) - 1))])


def throughput(url: str, headers: dict[str, str], seconds: float) -> float:
    """Answers per second with eight clients; raises Refused where one of them is not 200."""
    counts, refused = [0] * CLIENTS, []
    stop = time.perf_counter() + seconds

    def ask(number: int) -> None:
        with httpx.Client(headers=headers, timeout=30) as client:
            while time.perf_counter() < stop and not refused:
                answer = client.get(url)
                if answer.status_code != 200:
                    refused.append(answer.status_code)
                counts[number] += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise Refused(refused[0])
    return sum(counts) / (time.perf_counter() - began)
