"""What several use cases of controls begin with."""

from __future__ import annotations

import pytest

from compliance.frameworks.models import Framework
from compliance.programmes.models import Programme
from compliance.tenancy.rooms import scope


@pytest.fixture()
def soc2_programme(acme):
    """A SOC 2 programme under way, with a period."""
    with scope(acme):
        framework = Framework.objects.get(key__startswith="soc2")
        return Programme.objects.create(
            name="SOC 2 Type II", kind="soc2_type_2", framework=framework, framework_owner_id=framework.organization_id,
            period_start="2026-01-01", period_end="2026-12-31",
        )  # fmt: skip
