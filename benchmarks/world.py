"""The sample company's AWS account, sound, with as many resources more as were asked for; served until told to end."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from sample.aws.storage import _bucket
from sample.aws.world import PRODUCTION, AwsWorld
from sample.base import Clock


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Silence."""


class Counting:
    """A WSGI application around another that counts what it is asked, and tells it to whoever runs the bench.

    What the stand-in has no answer for is refused with 501, which no client of AWS asks again: nobody is to be slowed down by
    what is our stand-in's lack.
    """

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner, self.calls, self.refused, self.lock = inner, 0, 0, threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/_bench/calls":
            with self.lock:
                told = {"calls": self.calls, "refused": self.refused}
                self.calls = self.refused = 0
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(told).encode()]

        def started(status: str, *more: Any) -> Any:
            with self.lock:
                self.calls += 1
                self.refused += status >= "400"
            return start_response(status, *more)

        try:
            return self.inner(environ, started)
        except Exception:  # noqa: BLE001 - moto raises NotImplementedError, and others in what it has half of
            started("501 Not Implemented", [("Content-Type", "text/plain")])
            return [b"The stand-in lacks this."]


def enlarge(world: AwsWorld, count: int) -> None:
    """Of a hundred resources 15 buckets, 20 users, 30 security groups, 20 log groups and 15 volumes."""
    estate = world.estates[PRODUCTION]
    ec2, iam, logs = (estate.service(name) for name in ("ec2", "iam", "logs"))
    network = next(iter(ec2.vpcs.values())).id
    for number in range(count * 15 // 100):
        _bucket(estate, world.clock, number, f"more-{number}", "internal")
        ec2.create_volume(10, f"{estate.home}a", encrypted=True)
    for number in range(count * 20 // 100):
        user = iam.create_user(estate.home, f"more-{number}")
        user.create_date = world.clock.start - timedelta(days=90)
        logs.create_log_group(f"/more/{number}", {})
    for number in range(count * 30 // 100):
        ec2.create_security_group(f"more-{number}", "more", vpc_id=network)


def main() -> None:
    clock = Clock(datetime.now(UTC))
    world = AwsWorld(clock, planted=False)
    enlarge(world, int(sys.argv[1]))
    world.settle()
    server = make_server("127.0.0.1", 0, Counting(world.wsgi), threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()  # until whoever started this closes the pipe or ends


if __name__ == "__main__":
    main()
