"""The API attacked from its own description: no answer that the description does not allow, and never a 5xx.

Half of the calls name things that are there, so that more than "not found" is met; what each call did is undone.
The sequence of calls is the same in every run. `SCHEMATHESIS_EXAMPLES` asks for more of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode

from compliance.web import throttling
from config.wsgi import application
from tests.api.world import NOUNS, furnished
from tests.house.world import World

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))
#: A description cannot say that one day follows another, that a reference is taken, or that a key was used before.
REFUSED_THOUGH_WELL_FORMED = ["2xx", "3xx", "400", "401", "403", "404", "409", "412", "422"]
#: Fields that refer to something, and what they refer to in the furnished world.
REFERENCES = {
    "owner": "membership", "assignee": "membership", "control": "control", "requirement": "requirement",
    "framework": "framework", "programme": "programme", "version": "version",
}  # fmt: skip


@dataclass(frozen=True)
class Attacked:
    """The description, the room with one of everything, and the token with every scope."""

    schema: Any
    world: World
    headers: dict[str, str]


@cache
def _described() -> Any:
    """The description, read once for all modes: what schemathesis works out from it is kept with it."""
    config = SchemathesisConfig.from_dict({
        "generation": {"allow-x00": False},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": REFUSED_THOUGH_WELL_FORMED},
            "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422"]},
        },
    })  # fmt: skip
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", application, config=config)


@pytest.fixture()
def attacked(caller, acme, mei, monkeypatch) -> Iterator[Attacked]:
    monkeypatch.setattr(throttling.TokenThrottle, "get_rate", lambda self: "100000/min")
    monkeypatch.setattr("evidence.collectors.api.trial_of", lambda connection: list)  # calls a vendor
    for signal in (request_started, request_finished):  # a request's end closes the connection, and the test with it
        signal.disconnect(close_old_connections)
    yield Attacked(_described(), furnished(acme, mei, "acme"), {"Authorization": f"Bearer {caller.token}"})
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_no_answer_is_another_than_described(attacked, mode):
    """Well-formed requests and malformed ones, with every check that schemathesis has."""
    found = [failure for result in attacked.schema.get_all_operations() if (failure := attack(attacked, result.ok(), mode))]
    assert not found, f"{len(found)} operations:\n\n" + "\n\n".join(found)


def attack(attacked: Attacked, operation: Any, mode: GenerationMode) -> str:
    """Call one operation in some ways; the first answer that is wrong, in words."""

    @seed(0)
    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def calls(case: Any) -> None:
        name_what_is_there(case, attacked.world)
        with transaction.atomic():
            try:
                response = case.call(headers=attacked.headers)
                case.validate_response(response, headers=attacked.headers)
                assert mode.is_negative or case.method != "GET" or response.status_code != 400, response.text
            finally:
                transaction.set_rollback(True)

    try:
        calls()
    except (FailureGroup, Failure, AssertionError) as failure:
        return f"{operation.label}\n{failure}"
    except Unsatisfiable:
        return ""  # this operation takes nothing that could be malformed
    return ""


def name_what_is_there(case: Any, world: Any) -> None:
    """Put ids of the world where ids stand, for every second id."""
    segments = case.path.split("/")
    for place, segment in enumerate(segments):
        name = segment.strip("{}")
        if segment.startswith("{") and _id(case.path_parameters.get(name)) and segments[place - 1] in NOUNS:
            case.path_parameters[name] = str(world[NOUNS[segments[place - 1]]].pk)
    if isinstance(case.body, dict):
        for field, noun in REFERENCES.items():
            if _id(case.body.get(field)):
                case.body[field] = str(world[noun].pk)


def _id(value: Any) -> bool:
    """Whether it is a well-formed id, of the half that is to be known."""
    try:
        return isinstance(value, str) and UUID(value).int % 2 == 0
    except ValueError:
        return False
