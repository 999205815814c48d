"""The sample company's AWS account, sound, with as many resources more as were asked for; served until told to end."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime, timedelta

from werkzeug.serving import WSGIRequestHandler, make_server

from sample.aws.storage import _bucket
from sample.aws.world import PRODUCTION, AwsWorld
from sample.base import Clock


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Silence."""


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
    server = make_server("127.0.0.1", 0, world.wsgi, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()  # until whoever started this closes the pipe or ends


if __name__ == "__main__":
    main()
