"""500 MB in parts over the API, as a program sends them: how long each step takes, and how large the servers become.

And search inside 10,000 documents, with neighbours, under row-level security.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from benchmarks.planner import analyse
from benchmarks.rows import Figure
from benchmarks.servers import served

MEGABYTE = 1024 * 1024
WORDS = [f"word{number:05d}" for number in range(20_000)]


def measure_uploading(megabytes: int) -> list[Figure]:
    """`megabytes` in parts of 8; the aim of memory is what any other long export has."""
    organization, token = _company()
    name, size = f"upload of {megabytes} MB", megabytes * MEGABYTE
    with served("config.settings", "/healthz") as site, httpx.Client(
        base_url=f"{site}/api/v1/", headers={"Authorization": f"Bearer {token}"}, timeout=120
    ) as api:  # fmt: skip
        _warm(api)
        before = _peak()
        upload = _answered(api.post("uploads/", json={"filename": "export.csv", "size": size}))
        sending, began = 0.0, time.monotonic()
        for number, part in enumerate(_parts(size, upload["part_bytes"]), 1):
            digest, start = hashlib.sha256(part).hexdigest(), time.monotonic()
            _answered(api.post(f"uploads/{upload['id']}/parts/", data={"number": number, "sha256": digest}, files={"file": part}))
            sending += time.monotonic() - start
        checking = _timed(lambda: _answered(api.post(f"uploads/{upload['id']}/complete/")))
        body = {"title": "Export", "effective_start": "2026-01-01T00:00:00Z", "effective_end": "2026-01-31T00:00:00Z"}
        handing_in = _timed(lambda: _answered(api.post(f"uploads/{upload['id']}/hand-in/", json=body)))
        total = time.monotonic() - began
        after = _peak()
    return [
        Figure(name, "parts sent", sending, "s"),
        Figure(name, "checked as a whole", checking, "s"),
        Figure(name, "handed in", handing_in, "s"),
        Figure(name, "in all", total, "s", aim=60),
        Figure(name, "peak memory of a server", after, "MiB", aim=200),
        Figure(name, "of which for the upload", after - before, "MiB", aim=32),
        *_searching(organization, token),
    ]


def _company() -> tuple[Any, str]:
    import django

    django.setup()
    from compliance.people.models import Token
    from compliance.people.scopes import GRANTABLE
    from compliance.people.secrets import digest, issue
    from compliance.tenancy.clock import now
    from compliance.tenancy.models import Organization
    from compliance.tenancy.rooms import scope

    organization = Organization.objects.create(name="Uploads", slug=f"uploads-{os.getpid()}")
    handed, _ = issue(organization.pk)
    with scope(organization):
        Token.objects.create(
            name="bench", scopes=[str(each) for each in GRANTABLE], secret_hash=digest(handed), hint="abcd",
            expires_at=now() + timedelta(days=1),
        )  # fmt: skip
    return organization, handed


def _parts(size: int, most: int) -> Iterator[bytes]:
    """Rows of a table with dates in them, no two parts alike."""
    for number, start in enumerate(range(0, size, most)):
        length = min(most, size - start)
        line = f"2026-01-31,user-{number:06d},{os.urandom(16).hex()},active\n".encode()
        yield (line * (length // len(line) + 1))[:length]


def _warm(api: httpx.Client) -> None:
    """Every server has answered and loaded what a small upload needs."""
    for _ in range(12):
        small = _answered(api.post("uploads/", json={"filename": "a.csv", "size": 20}))
        part = b"2026-01-31,user,a,b\n"
        fields = {"number": 1, "sha256": hashlib.sha256(part).hexdigest()}
        _answered(api.post(f"uploads/{small['id']}/parts/", data=fields, files={"file": part}))
        _answered(api.post(f"uploads/{small['id']}/complete/"))
        api.delete(f"uploads/{small['id']}/")


def _answered(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    return answer.json()


def _timed(call: Any) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def _peak() -> float:
    """The largest resident set that any server of ours has had, in MiB."""
    peaks = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if b"gunicorn" in command and _is_ours(int(status.parent.name)):
            peaks.append(int(lines["VmHWM"].split()[0]) / 1024)
    return max(peaks)


def _is_ours(pid: int) -> bool:
    """Whether a process descends from this one."""
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
        if pid == os.getpid():
            return True
    return False


def _searching(organization: Any, token: str, documents: int = 10_000) -> list[Figure]:
    """Fill the room and a neighbour's with documents, then search over the API."""
    from compliance.tenancy.models import Organization
    from compliance.tenancy.rooms import scope

    neighbour = Organization.objects.create(name="Neighbour", slug=f"neighbour-{os.getpid()}")
    for room in (organization, neighbour):
        with scope(room):
            _fill(documents)
    analyse()  # as the owner: to the serving role it is a warning and nothing
    with served("config.settings", "/healthz") as site, httpx.Client(
        base_url=f"{site}/api/v1/", headers={"Authorization": f"Bearer {token}"}, timeout=120
    ) as api:  # fmt: skip
        rare = [_timed(lambda: _answered(api.get("documents/", params={"contains": "quarterly okta"}))) for _ in range(30)]
        common = [_timed(lambda: _answered(api.get("documents/", params={"contains": "word00001"}))) for _ in range(30)]
    name = f"search in {documents} documents"
    return [
        Figure(name, "two rare words, p50", 1000 * sorted(rare)[15], "ms", aim=30),
        Figure(name, "a word in most, p50", 1000 * sorted(common)[15], "ms", aim=100),
    ]


def _fill(number: int) -> None:
    import random

    from django.db import connection

    from compliance.tenancy.clock import now
    from compliance.tenancy.ids import uuid7
    from compliance.tenancy.rooms import here
    from evidence.models import Artefact, Version
    from evidence.reading.models import Document

    dice, moment = random.Random(7), now()
    artefacts = Artefact.objects.bulk_create(
        [Artefact(ref=f"EV-{n:05d}", title=f"Document {n}", source="person", latest_number=1) for n in range(number)], batch_size=2000
    )
    versions = Version.objects.bulk_create([
        Version(
            artefact=each, number=1, sha256=uuid7().hex * 2, size=1, media_type="text/plain", filename="a.txt", received_at=moment,
            effective_start=moment, effective_end=moment, provided_by_label="bench",
        )
        for each in artefacts
    ], batch_size=2000)  # fmt: skip
    texts = (
        " ".join(WORDS[min(int(dice.paretovariate(0.6)), len(WORDS) - 1)] for _ in range(min(int(dice.lognormvariate(6.2, 1)), 20_000)))
        + (" quarterly access review okta" if at % 500 == 0 else "")
        for at in range(number)
    )
    Document.objects.bulk_create(
        [Document(version=each, text=text, searchable=True) for each, text in zip(versions, texts, strict=True)], batch_size=500
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO evidence_reading_words (id, organization_id, document_id, words)
            SELECT id, organization_id, id, to_tsvector('simple', text) || array_to_tsvector(ARRAY[organization_id::text])
            FROM evidence_reading_document WHERE organization_id = %s
            """,
            [here().organization_id],
        )
