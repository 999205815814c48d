"""An audit under way at Acme, with an auditor in their seat."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from compliance.tenancy.rooms import scope
from tests.factories import audits as make


@pytest.fixture
def scene(acme, mei):
    """Acme's audit, one open request, and Rosalind of Corbel & Lyne in her seat."""
    with scope(acme):
        audit = make.make_audit(mei.actor)
        request = make.make_request(mei.actor, audit)
        seat = make.sit(mei.actor, audit)
    return SimpleNamespace(audit=audit, request=request, seat=seat, organization=acme)


@pytest.fixture
def rosalind(scene):
    """The auditor's browser."""
    client = Client()
    client.force_login(scene.seat.user)
    return client
