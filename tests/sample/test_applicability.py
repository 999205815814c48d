"""The sample company's statement: whole, approved, with two exclusions of which one comes back before the story ends."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.applicability.models import Row, Statement, Version
from controls.applicability.reading import present_rows
from evidence.services.adopt import adopt_starter_set
from sample import applicability
from sample.base import DAYS
from sample.company import Cast
from tests.factories.compliance import framework, make_programme


def test_it_is_approved_and_one_exclusion_comes_back(acme, mei, femi):
    cast = Cast({"compliance_manager": mei.membership, "approver": femi.membership})
    with scope(acme):
        make_programme(mei.actor, kind="iso_stage_2", framework=framework("iso27001"), period_start=None, period_end=None)
        adopt_starter_set(actor=SYSTEM)
        applicability.write(cast, SimpleNamespace(now=now()))
        version = Version.objects.select_related("approval").get()
        assert (version.lacks, version.approval.approved_by_label) == ([], "Femi Adeyemi")
        excluded = Row.objects.filter(decision="excluded").order_by("review_on")
        assert [row.requirement.ref for row in excluded.select_related("requirement")] == ["A.7.6", "A.8.30"]
        assert not [shown for shown in present_rows(Statement.objects.get()) if shown.again]
        first, second = (row.review_on for row in excluded)
        end = today() + timedelta(days=DAYS - applicability.ON)
        assert first <= end < second
