"""In a process of its own: collect one AWS account, or make the same calls with bare boto3. Prints one line of JSON.

    python -m benchmarks.collecting ours ADDRESS CALLS.json     collects, and writes down the calls that it made
    python -m benchmarks.collecting judged ADDRESS CALLS.json   collects likewise, and judges by all checks of AWS
    python -m benchmarks.collecting bare ADDRESS CALLS.json     makes those calls, eight at a time, and throws them away
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

ROLE, EXTERNAL_ID = "arn:aws:iam::210987654321:role/FieldworkReadOnly", "fw-123456789012-halyard"
REGIONS = "eu-west-1,eu-central-1"
THREADS = 8


def ours(address: str, calls_file: Path) -> dict[str, Any]:
    """Every fact kind of the vendor, in one session, as a run does it: the pages of a kind are spooled, pressed to the
    bytes that are stored, counted and let go before the next. What a run writes to the database is not in it."""
    return _collect(address, calls_file, lambda kind, pages: None)


def judged(address: str, calls_file: Path) -> dict[str, Any]:
    """`ours`, and all checks of AWS on what it brought, within the same seconds. The house's own lists are empty."""
    from evidence.checks import catalogue
    from evidence.checks.base import Facts, FactSet, run

    began, now = time.perf_counter(), datetime.now(UTC)
    sets: dict[str, FactSet] = {id: FactSet(id, (), now, can_be_empty=True) for id in ("org.scope", "org.workers")}

    def keep(kind: Any, pages: Any) -> None:
        sets[kind.id] = FactSet(kind.id, list(kind.rows(pages)), now, can_be_empty=kind.can_be_empty)

    told = _collect(address, calls_file, keep)
    checks = catalogue.checks_of("aws")
    found = [finding for check in checks for finding in run(check, Facts(now, sets))]
    return told | {"findings": len(found), "checks": len(checks), "seconds": time.perf_counter() - began}


def _collect(address: str, calls_file: Path, keep: Callable[[Any, Any], None]) -> dict[str, Any]:
    from evidence.collectors.aws.vendor import VENDOR
    from evidence.collectors.base import Call, CollectionError, Context

    calls: list[Call] = []
    context = Context(
        config={"role_arn": ROLE, "regions": REGIONS, "external_id": EXTERNAL_ID}, secret={}, now=datetime.now(UTC),
        endpoint=address, log=calls.append,
    )  # fmt: skip
    rows, unread = 0, []
    began = time.perf_counter()
    session = VENDOR.open(context)
    try:
        for kind in VENDOR.kinds:
            try:
                rows += _kept(kind, session, context, keep)
            except CollectionError:
                unread.append(kind.id)
    finally:
        session.close()
    seconds = time.perf_counter() - began
    made = [[call.call, dict(call.parameters)] for call in calls if not call.call.startswith("sts:")]
    calls_file.write_text(json.dumps(made, default=str))
    return {"calls": len(made), "seconds": seconds, "rows": rows, "unread": sorted(unread)}


def _kept(kind: Any, session: Any, context: Any, keep: Callable[[Any, Any], None]) -> int:
    """Collect one kind; the number of its rows. `keep` is given its pages."""
    from evidence.collectors.spool import Spool, packed

    with Spool() as pages:
        for page in kind.collect(session, context):
            pages.append(page)
        rows = sum(1 for _ in kind.rows(pages))
        keep(kind, pages)
        for _ in packed(kind, pages):
            pass
    return rows


def bare(address: str, calls_file: Path) -> dict[str, Any]:
    """The same calls. A list of several pages is one piece of work of as many calls, since its pages follow each other."""
    clients = _Clients(address)
    wanted = Counter((call, json.dumps(parameters, sort_keys=True)) for call, parameters in json.loads(calls_file.read_text()))
    began = time.perf_counter()
    for call, parameters in wanted:  # making clients belongs to the work, and is not for threads
        clients.of(call.split(":")[0], json.loads(parameters)["region"])
    with ThreadPoolExecutor(THREADS) as pool:
        made = sum(pool.map(lambda item: _ask(clients, *item[0], item[1]), wanted.items()))
    repeated = sum(count - 1 for (call, _), count in wanted.items() if count > 1 and not clients.is_list(call))
    return {"calls": made, "seconds": time.perf_counter() - began, "repeated": repeated}


class _Clients:
    def __init__(self, address: str) -> None:
        self.address, self.made = address, {}
        self.config = Config(
            max_pool_connections=2 * THREADS, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
        )  # fmt: skip
        import boto3  # ours has no need of it

        platform = boto3.Session("STANDINFORAWS0000000", "stand-in", region_name="eu-west-1")
        told = platform.client("sts", endpoint_url=address).assume_role(
            RoleArn=ROLE, RoleSessionName="bare", ExternalId=EXTERNAL_ID
        )["Credentials"]
        self.session = boto3.Session(told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"])

    def of(self, service: str, region: str) -> Any:
        if (service, region) not in self.made:
            made = self.session.client(service, region_name=region, endpoint_url=self.address, config=self.config)
            made.meta.events.register("before-send", self._to_the_world)
            self.made[service, region] = made
        return self.made[service, region]

    def _to_the_world(self, request: Any, **_: Any) -> None:
        """S3 Control puts the account before the host, which no name server knows here."""
        parts = urlsplit(request.url)
        request.url = urlunsplit(parts._replace(netloc=urlsplit(self.address).netloc))

    def is_list(self, call: str) -> bool:
        service, operation = call.split(":")
        client = next(client for (name, _), client in self.made.items() if name == service)
        return bool(client.can_paginate(xform_name(operation)))


def _ask(clients: _Clients, call: str, told: str, count: int) -> int:
    service, operation = call.split(":")
    parameters = json.loads(told)
    client, method = clients.of(service, parameters.pop("region")), xform_name(operation)
    try:
        if client.can_paginate(method):
            for _ in islice(client.get_paginator(method).paginate(**parameters), count):
                pass
        else:
            for _ in range(count):
                getattr(client, method)(**parameters)
    except ClientError:
        pass  # "there is none of it": ours was told so as well
    return count


def peak_memory() -> float:
    """The most that this process held, in mebibytes. Not `ru_maxrss`: that of a fresh process begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    work = {"ours": ours, "judged": judged, "bare": bare}[sys.argv[1]]
    told = work(sys.argv[2], Path(sys.argv[3]))
    told["mebibytes"] = peak_memory()
    print(json.dumps(told))
