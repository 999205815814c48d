"""An ISO 27001 programme with its statement, begun."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from controls.applicability.models import Row, SignOff, Statement
from controls.applicability.services import determine_climate, statement_for, write_row
from controls.models import Control, Mapping, Standing
from tests.factories.compliance import framework, make_programme

WHY = {
    "scope_reason": "We have no premises: everybody works from home.",
    "risk_considered": "Theft of equipment is treated by full disk encryption.",
}


def make_statement(person, **fields) -> Statement:
    """The statement of a stage 2 programme."""
    values = {"kind": "iso_stage_2", "name": "ISO 27001 stage 2", "framework": framework("iso27001"), "period_start": None,
              "period_end": None} | fields
    return statement_for(actor=person.actor, programme=make_programme(person.actor, **values))


def row_of(statement: Statement, ref: str) -> Row:
    return Row.objects.select_related("requirement", "owner", "statement__programme").get(statement=statement, requirement__ref=ref)


def exclude(person, row: Row, owner, /, *, days: int = 200, **fields) -> Row:
    """An exclusion that is whole."""
    values = {"decision": "excluded", "owner": owner.membership, "review_on": today() + timedelta(days=days), **WHY}
    return write_row(actor=person.actor, row=row, **values | fields)


def complete(person, statement: Statement, signer, owner) -> None:
    """Everything said of every row: all included but A.7.4, and everything signed."""
    determine_climate(
        actor=person.actor, statement=statement, issue=False, parties=False, reason="Sites and suppliers were looked at."
    )
    exclude(person, row_of(statement, "A.7.4"), owner)
    rows = Row.objects.filter(statement=statement)
    rows.exclude(decision="excluded").update(
        decision="included", drivers={"risk": "R-1"}, treatment="It is done.", owner=owner.membership, implementation="own",
    )
    SignOff.objects.bulk_create(
        SignOff(row=row, substance=row.substance(), reason="Small.", signed_by=signer.membership, signed_by_label="Femi Adeyemi")
        for row in rows.all()
    )


def map_one(ref: str = "A.8.5", **fields) -> Control:
    """A control of ours, mapped to an annex control."""
    from compliance.frameworks.models import Requirement

    values = {"ref": "AC-01", "title": "Sign-in", "statement": "Two factors.", "implementation": "implemented"} | fields
    control = Control.objects.create(**values)
    requirement = Requirement.objects.get(framework=framework("iso27001"), ref=ref)
    Mapping.objects.create(control=control, requirement=requirement)
    Standing.objects.create(control=control, evidence="stale")
    return control


@pytest.fixture()
def statement(acme, mei) -> Statement:
    with scope(acme):
        return make_statement(mei)


@pytest.fixture()
def programme(statement) -> Programme:
    return statement.programme


@pytest.fixture()
def url(programme) -> str:
    return f"/o/acme/programmes/{programme.pk}/applicability/"
