"""The plan of a serializer shows a row exactly as DRF would, field by field, in every list."""

from __future__ import annotations

import pytest
from rest_framework import serializers

from compliance.web.shapes import Planned
from tests.api.rows import LISTS
from tests.api.test_every_operation import every_operation
from tests.api.world import World, furnished

pytestmark = pytest.mark.django_db


@pytest.fixture()
def world(acme, mei) -> World:
    return furnished(acme, mei, "acme")


def test_every_list_reads_as_drf_would_show_it(caller, world, monkeypatch):
    found = {operation.path: operation for operation in every_operation() if operation.method == "GET"}
    addresses = [(path, found[f"/api/v1/{path}/"].address(world)) for path in LISTS]
    caller.get("organization/")
    planned = [_read(caller, address) for _, address in addresses]
    drf = serializers.Serializer.to_representation
    monkeypatch.setattr(Planned, "to_representation", lambda self, instance: drf(self, instance))
    plain = [_read(caller, address) for _, address in addresses]
    assert [path for (path, _), one, other in zip(addresses, planned, plain, strict=True) if one != other] == []
    assert sum(bool(rows) for rows in planned) > 30


def _read(caller, address: str) -> list:
    answer = caller.client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]
