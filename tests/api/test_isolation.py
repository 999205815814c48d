"""Two organisations walk through the API at random, each with ids of both, and neither ever learns of the other.

No answer holds the other's name or one of its ids. And no answer tells its doings: what Acme is answered is the same,
word for word, whether Borealis calls in between or not, so nothing counts, numbers or orders across the wall.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from compliance.web import throttling
from tests.api.conftest import Caller
from tests.api.world import FILE, WORDS, Operation, body_of, every_operation, furnished
from tests.house.world import World

#: Ends the walker's own token; calls a vendor.
LEFT_OUT = {"DELETE /api/v1/tokens/current/", "POST /api/v1/connections/{id}/test/"}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:\d\d)")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_CURSOR = re.compile(r"cursor=[\w-]+")


@dataclass(frozen=True)
class Side:
    """One organisation: its caller, its room, and how it is known."""

    name: str
    caller: Caller
    world: World

    @property
    def words(self) -> set[str]:
        """What betrays it: its name, which is in every title, and the ids of its own things."""
        shared = {"framework", "requirement", "crosswalk", "asked"}
        return {self.name} | {str(thing.pk) for noun, thing in self.world.objects.items() if noun not in shared}


@dataclass(frozen=True)
class Step:
    """One call: by whom, on whose thing, with whose ids in its body, and with which idempotency key."""

    acme_calls: bool
    operation: int
    acme_addressed: bool
    acme_sent: bool
    key: str


steps = st.builds(
    Step, acme_calls=st.booleans(), operation=st.integers(0, 1000), acme_addressed=st.booleans(), acme_sent=st.booleans(),
    key=st.sampled_from(["", "", "k1", "k2"]),
)  # fmt: skip


@pytest.fixture()
def sides(acme, mei, borealis, stranger, caller, their_caller, monkeypatch) -> tuple[Side, Side]:
    monkeypatch.setattr(throttling.TokenThrottle, "get_rate", lambda self: "1000000/min")
    return (
        Side("acme", caller, furnished(acme, mei, "acme")),
        Side("borealis", their_caller, furnished(borealis, stranger, "borealis")),
    )


def test_neither_ever_learns_of_the_other(sides):
    operations = [operation for operation in every_operation() if operation.name not in LEFT_OUT]

    @settings(
        max_examples=30, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(walk=st.lists(steps, min_size=6, max_size=14))
    def walks(walk: list[Step]) -> None:
        together = walked(sides, operations, walk)
        alone = walked(sides, operations, [step for step in walk if step.acme_calls])
        assert told(together) == told(alone)

    walks()


def test_the_measure_would_see_a_difference(sides):
    """What the walk compares by is not blind: one more gap of its own, and Acme is answered something else."""
    listed = next(each for each in every_operation() if each.name == "GET /api/v1/systems/")
    made = next(each for each in every_operation() if each.name == "POST /api/v1/systems/")
    order = [listed, made]
    reads = Step(True, 0, True, True, "")
    adds = Step(True, 1, True, True, "")
    first, second = told(walked(sides, order, [reads, reads])), told(walked(sides, order, [adds, reads]))
    assert first[1] != second[1]


def walked(sides: tuple[Side, Side], operations: list[Operation], walk: list[Step]) -> list[tuple[int, str]]:
    """What Acme was answered on a walk, which is undone. Each answer is searched for the other's name and ids."""
    acme, borealis = sides
    answers = []
    with transaction.atomic():
        for step in walk:
            me, other = (acme, borealis) if step.acme_calls else (borealis, acme)
            operation = operations[step.operation % len(operations)]
            addressed = acme.world if step.acme_addressed else borealis.world
            sent = acme.world if step.acme_sent else borealis.world
            status, text = call(me.caller, operation, addressed, sent, step.key)
            seen = {word for word in other.words if word in text.lower()}
            assert not seen or operation.collection in WORDS, (operation.name, status, seen)  # catalogues in code
            assert status < 500, operation.name
            if step.acme_calls:
                answers.append((status, text))
        transaction.set_rollback(True)
    return answers


def call(caller: Caller, operation: Operation, addressed: World, sent: World, key: str) -> tuple[int, str]:
    """Make one call; its status and the whole of its answer."""
    headers = {"Idempotency-Key": key} if key and operation.method != "GET" else {}
    body, address = body_of(operation, sent), operation.address(addressed)
    if operation.media_type == FILE:
        answer = caller.client.post(address, {**body, "file": SimpleUploadedFile("a.txt", b"Agreed.")}, headers=headers)
    else:
        content: dict[str, Any] = {} if operation.method == "GET" else {"data": json.dumps(body), "content_type": "application/json"}
        answer = caller.client.generic(operation.method, address, headers=headers, **content)
    content_bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, _plain(content_bytes).decode("utf-8", "replace")


def _plain(content: bytes) -> bytes:
    """A workbook as what it holds: packed it shows neither a word of the other's nor that it differs by its moment alone."""
    if not content.startswith(b"PK") or b"[Content_Types].xml" not in content:
        return content
    with ZipFile(BytesIO(content)) as book:
        return b"\n".join(name.encode() + b"\n" + book.read(name) for name in book.namelist())


def told(answers: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Answers without what differs from run to run: ids by the order in which they are first met, times, cursors, and the
    digests of what holds them."""
    met: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return met.setdefault(match[0], f"id {len(met)}")

    plain = [(status, _DIGEST.sub("digest", _MOMENT.sub("then", _CURSOR.sub("cursor", text)))) for status, text in answers]
    return [(status, _ID.sub(named, text)) for status, text in plain]
