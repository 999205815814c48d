"""A run over an organisation of which one account lets nobody in: what is kept, what is said, what the register learns."""

from __future__ import annotations

import pytest
from django.conf import settings

from compliance.registers.models import System
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.collectors.models import Health, KindState, RunOutcome
from evidence.collectors.running import shown_step, troubles_of
from evidence.collectors.services.connect import create_connection
from evidence.collectors.services.execute import execute_run
from evidence.judging.models import CheckState
from evidence.judging.services.judge import judge_connection
from tests.evidence.aws.test_accounts_of_an_organisation import CONFIG, DATA, DETECTORS, HOME, OLD, PAY, Organisation
from tests.evidence.jobs.conftest import ask
from tests.loopback import serve_open

pytestmark = pytest.mark.usefixtures("unheard")
FIELDS = {name: CONFIG[name] for name in ("role_arn", "regions", "member_role")}
KINDS = ("aws.organization.accounts", DETECTORS)


def test_the_others_are_read_and_the_dark_one_is_said_everywhere(company: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    world = Organisation()
    world.shut = {PAY}
    with scope(company):
        link = create_connection(actor=SYSTEM, vendor="aws", name="AWS", fields=FIELDS)
    world.external_id = link.config["external_id"]
    with serve_open(world.wsgi) as address:
        monkeypatch.setattr(settings, "VENDOR_ENDPOINTS", {"aws": address})
        run = ask(company, link, KINDS)
        assert execute_run(organization_id=company.pk, run_id=run.pk, worker="one")
    with scope(company):
        link.refresh_from_db()
        run.refresh_from_db()
        judge_connection(link)
        assert (run.outcome, link.health) == (RunOutcome.PARTIAL, Health.DEGRADED)
        assert "payments" in run.message
        step = run.steps.get(fact_kind=DETECTORS)
        assert (step.reason, step.permission) == ("", f"sts:AssumeRole on arn:aws:iam::{PAY}:role/FieldworkReadOnly")
        (trouble,) = troubles_of([shown_step(each, "aws") for each in run.steps.filter(fact_kind__in=KINDS)])
        assert (trouble.reason, sorted(trouble.kinds)) == ("partial", sorted(KINDS))
        state = KindState.objects.get(fact_kind=DETECTORS)
        assert (state.reason, state.unreadable_since) == ("", None)
        assert "payments" in state.message
        judged = CheckState.objects.get(check_id="aws.guardduty.enabled")
        assert (judged.outcome, judged.counts) == ("fail", {"pass": 1, "fail": 1, "unknown": 1})
        seen = set(System.objects.filter(kind="cloud_account").values_list("external_id", flat=True))
        assert {HOME, PAY, DATA} <= seen
        assert OLD not in seen
