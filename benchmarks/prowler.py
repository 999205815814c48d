"""Our collection and all our checks beside Prowler's SOC 2 scan: one account, one stand-in for AWS, one run after the other.

Prowler is no dependency of ours: it lives in `var/prowler`, put there by `./run bench --only beside_prowler --install`.
Calls are counted at the stand-in, so both are counted alike; what it does not know it refuses to both.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.account import _world
from benchmarks.collecting import EXTERNAL_ID, REGIONS, ROLE
from benchmarks.rows import Figure

VERSION = "5.46.0"
HOME = Path("var/prowler").absolute()
#: Seconds after which the scan is ended, and told as not measured.
PATIENCE = 900
#: Set by `--install`.
may_install = False


def measure_beside_prowler(resources: int) -> list[Figure]:
    name = f"beside Prowler, {resources} added"
    if (missing := _missing()) is not None:
        return [Figure(name, "Prowler's SOC 2 scan", None, "", note=f"skipped: {missing}")]
    with _world(resources) as address, tempfile.TemporaryDirectory() as folder:
        _calls(address)
        ours = _ours(address, Path(folder) / "calls.json") | {"counted": _calls(address)}
        theirs = _theirs(address, Path(folder))
        if theirs is None:
            return [*_of_ours(name, ours), Figure(name, "Prowler's SOC 2 scan", None, "", note=f"ended after {PATIENCE} s")]
        theirs |= {"counted": _calls(address)}
        return [*_of_ours(name, ours), *_of_theirs(name, theirs), *_compared(name, ours, theirs)]


def _missing() -> str | None:
    """Why Prowler cannot be run; None where it can."""
    if _installed() == VERSION:
        return None
    if not may_install:
        return "Prowler is not here; ./run bench --only beside_prowler --install puts it into var/prowler"
    print(f"Installing Prowler {VERSION} into {HOME}", file=sys.stderr, flush=True)
    uv = Path(sys.executable).with_name("uv")
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(HOME)],
        [str(uv), "pip", "install", "-q", "--python", str(HOME / "bin/python"), f"prowler=={VERSION}"],
    ):
        try:
            subprocess.run(command, check=True, timeout=900, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError) as fault:
            return f"Prowler could not be installed ({type(fault).__name__})"
    return None if _installed() == VERSION else "what was installed is another Prowler"


def _installed() -> str | None:
    found = [each.name for each in HOME.glob("lib/python3.*/site-packages/prowler-*.dist-info")]
    return found[0].removeprefix("prowler-").removesuffix(".dist-info") if found else None


def _calls(address: str) -> dict[str, int]:
    """What the stand-in was asked since this was asked before: `calls`, and `refused` of them."""
    with urlopen(f"{address}/_bench/calls") as answer:  # noqa: S310 - the loopback of this process
        told: dict[str, int] = json.load(answer)
    return told


def _ours(address: str, calls: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.collecting", "judged", address, str(calls)]
    told: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=PATIENCE).stdout)
    return told


def _theirs(address: str, folder: Path) -> dict[str, Any] | None:
    """Seconds, the most memory that the process held, and what it found; None where it came to no end."""
    command = [
        str(HOME / "bin/prowler"), "aws", "--compliance", "soc2_aws", "--region", *REGIONS.split(","), "--output-formats", "json-ocsf",
        "--output-directory", str(folder), "--output-filename", "scan", "--no-banner", "--no-color", "--ignore-exit-code-3",
    ]  # fmt: skip
    log = HOME / "scan.log"
    began = time.perf_counter()
    with log.open("w") as told:
        process = subprocess.Popen(command, env=_environment(address, folder), stdout=told, stderr=subprocess.STDOUT)
        most = 0.0
        while process.poll() is None:
            most = max(most, _peak(process.pid))
            if time.perf_counter() - began > PATIENCE:
                process.kill()
                process.wait()
                return None
            time.sleep(0.1)
    seconds = time.perf_counter() - began
    found = folder / "scan.ocsf.json"
    return {"seconds": seconds, "mebibytes": most, "status": process.returncode, **_read_back(found)}


def _environment(address: str, folder: Path) -> dict[str, str]:
    """As a reader of the account, with every call sent to the stand-in."""
    import boto3

    platform = boto3.Session("STANDINFORAWS0000000", "stand-in", region_name="eu-west-1")
    told = platform.client("sts", endpoint_url=address).assume_role(
        RoleArn=ROLE, RoleSessionName="prowler", ExternalId=EXTERNAL_ID
    )["Credentials"]
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": REGIONS.split(",")[0],
        "AWS_ACCESS_KEY_ID": told["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": told["SecretAccessKey"],
        "AWS_SESSION_TOKEN": told["SessionToken"], "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip


def _peak(pid: int) -> float:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def _read_back(scan: Path) -> dict[str, Any]:
    """What it wrote, read as facts the way a push of it is: outcomes, and rows that would be refused."""
    from evidence.collectors.push.fitting import UnfitError, fitting
    from evidence.collectors.push.kinds import KINDS
    from evidence.collectors.push.ocsf import rows_of_events
    from evidence.collectors.push.streams import sent_rows

    if not scan.exists():
        return {"findings": 0, "statuses": {}, "checks": 0, "refused_rows": 0}
    kind = next(each for each in KINDS if each.id == "push.findings")
    rows, refused = [], 0
    with scan.open("rb") as stream:
        try:
            rows.extend(fitting(kind, rows_of_events(sent_rows(stream))))
        except UnfitError as unfit:
            refused = len(unfit.faults)
    statuses = Counter(row["status"] for row in rows)
    return {"findings": len(rows), "statuses": dict(statuses), "checks": len({row["check"] for row in rows}), "refused_rows": refused}


def _of_ours(name: str, ours: dict[str, Any]) -> Iterator[Figure]:
    yield Figure(name, "ours: collected and judged", ours["seconds"], "s", note=f"{ours['findings']} findings of {ours['checks']} checks")
    yield Figure(name, "ours: calls", ours["counted"]["calls"], "", note=f"{ours['counted']['refused']} refused by the stand-in")
    yield Figure(name, "ours: peak memory", ours["mebibytes"], "MiB")


def _of_theirs(name: str, theirs: dict[str, Any]) -> Iterator[Figure]:
    said = ", ".join(f"{number} {status}" for status, number in sorted(theirs["statuses"].items()))
    note = f"{theirs['findings']} findings of {theirs['checks']} checks: {said}; ended with {theirs['status']}"
    yield Figure(name, "Prowler: SOC 2 scan", theirs["seconds"], "s", note=note)
    yield Figure(name, "Prowler: calls", theirs["counted"]["calls"], "", note=f"{theirs['counted']['refused']} refused by the stand-in")
    yield Figure(name, "Prowler: peak memory", theirs["mebibytes"], "MiB")
    yield Figure(name, "its rows that we refuse", theirs["refused_rows"], "", aim=0, note="its OCSF file read as a push")


def _compared(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Figure]:
    yield Figure(name, "seconds, ours over its", ours["seconds"] / theirs["seconds"], "×", aim=1.0)
    yield Figure(name, "calls, ours over its", ours["counted"]["calls"] / max(1, theirs["counted"]["calls"]), "×", aim=1.0)
    yield Figure(name, "memory, ours over its", ours["mebibytes"] / max(1.0, theirs["mebibytes"]), "×", aim=1.0)
