"""What the sample organisation answers is what GitHub's own description says it would."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from evidence.collectors.base import Context, collect_all
from evidence.collectors.github.vendor import VENDOR
from sample.github import GitHubWorld
from sample.github.routes import ROUTES
from tests.loopback import serve_open
from tests.specs import GITHUB, description, needs_specs

pytestmark = [needs_specs, pytest.mark.specs]
SAMPLES = 4  # of each kind of answer: the first, and three spread over the rest


def _recorded(world: GitHubWorld, connect: Callable[..., Context]) -> dict[tuple[str, int], list[Any]]:
    """Every answer that a full collection and a connection test get, by the route and status."""
    seen: dict[tuple[str, int], list[Any]] = defaultdict(list)

    def listening(environ: Any, start_response: Any) -> Any:
        status: list[str] = []

        def start(line: str, headers: Any) -> Any:
            status.append(line)
            return start_response(line, headers)

        body = world.wsgi(environ, start)
        path = environ["PATH_INFO"]
        path = re.sub(r"^/organizations/\d+", "/orgs/halyard-payments", path)
        path = re.sub(r"^/repositories/\d+", "/repos/halyard-payments/ledger-core", path)
        seen[path, int(status[0][:3])].append(b"".join(body))
        return body

    with serve_open(listening) as address:
        context = connect()
        context.endpoint = address
        collect_all(VENDOR, context)
        VENDOR.test(context)
        session = VENDOR.open(context)
        VENDOR.identity(session, context)
        session.close()
    return seen


def test_every_answer_is_valid_by_githubs_description(world: GitHubWorld, connect: Callable[..., Context]) -> None:
    world.plant_all()
    judge = description(GITHUB)
    by_route: dict[tuple[str, int], list[tuple[str, bytes]]] = defaultdict(list)
    for (path, status), bodies in _recorded(world, connect).items():
        by_route[judge.template(path), status] += [(path, body) for body in bodies if body]
    complaints = []
    for (template, status), answers in by_route.items():
        for path, body in answers[:: max(1, len(answers) // SAMPLES)][:SAMPLES]:
            found = json.loads(body)
            cut = found[:6] if isinstance(found, list) else found
            complaints += [f"{template} {status}: {c}" for c in judge.complaints("get", path, status, cut)]
    assert complaints == []
    assert len({template for template, _ in by_route}) >= len(ROUTES) - 3


def test_the_description_does_judge() -> None:
    judge = description(GITHUB)
    assert any("'login' is a required property" in c for c in judge.complaints("get", "/orgs/acme", 200, {}))


def test_every_route_of_the_sample_is_one_of_githubs() -> None:
    judge = description(GITHUB)
    filled = [re.sub(r"\{(\w+)\}", "7", path) for path in ROUTES]
    assert [judge.template(path) for path in filled]
