"""A carved-out organisation of Acme's, with a report that carries two expectations, at a clock that the tests hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from compliance.frameworks.choosing import found_by_refs
from compliance.parties import services
from compliance.parties.models import Party, PartyReport
from compliance.parties.selectors import parties, with_papers
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope


@pytest.fixture
def cumulus(acme, mei, jonas) -> Party:
    with scope(acme):
        party = services.add_party(
            actor=mei.actor, name="Cumulus", role="subservice", method="carve_out", services_used=["Compute"],
            reviewer=jonas.membership, review_months=3, first_review_due=today("Europe/Lisbon") + timedelta(days=5),
        )  # fmt: skip
        services.expect_control(
            actor=mei.actor, party=party, text="Guards its doors.", requirements=found_by_refs(["CC6.4"])
        )
    return party


@pytest.fixture
def report(acme, mei, cumulus) -> PartyReport:
    day = today("Europe/Lisbon")
    with scope(acme):
        made = services.add_report(
            actor=mei.actor, party=cumulus, kind="soc2_type_2", issuer="Lowe LLP", starts_on=day - timedelta(days=395),
            ends_on=day - timedelta(days=31), services=["Compute"], opinion="unmodified", nested=["Deep Storage"],
        )  # fmt: skip
        rows = [("1", "Leavers are removed."), ("2", "Keys are kept.")]
        services.add_cuecs(actor=mei.actor, report=made, rows=rows)
    return made


def read(party: Party) -> Party:
    """The party as the selectors read it."""
    return with_papers(parties()).get(pk=party.pk)


def day(offset: int) -> date:
    return today("Europe/Lisbon") + timedelta(days=offset)
