"""The sample company's Okta, collected over HTTP: what it discovers waits in the inbox, is decided, and its warning is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.people.models import Membership, User
from compliance.registers.models import System
from compliance.scoping.models import CheckList, ScopeWarning
from compliance.scoping.tasks import reconcile
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from evidence.collectors.services.execute import execute_run
from tests.conftest import Person
from tests.evidence.jobs.conftest import ask
from tests.factories.compliance import make_programme

pytestmark = pytest.mark.usefixtures("unheard")
KINDS = ("okta.org", "okta.apps")


@pytest.fixture
def manager(company) -> Person:
    user = User.objects.create_user(f"mei@{company.slug}.example", "correct horse battery", name="Mei")
    with scope(company):
        member = Membership.objects.create(user=user, role="compliance_manager", name="Mei", email=user.email)
    return Person(user, member)


def collect(company, link) -> None:
    run = ask(company, link, KINDS)
    assert execute_run(organization_id=company.pk, run_id=run.pk, worker="one")
    reconcile(str(company.pk))


def open_subjects(company, rule: str) -> set[str]:
    with scope(company):
        return set(ScopeWarning.objects.filter(rule=rule, state="open").values_list("system__name", flat=True))


def test_what_a_connection_discovers_waits_is_decided_and_is_warned_of_no_more(company, link, okta, manager):
    day = today("UTC")
    with scope(company):
        programme = make_programme(manager.actor, period_start=day - timedelta(days=30), period_end=day + timedelta(days=60),
                                   fieldwork_start=day + timedelta(days=90))
    collect(company, link)
    seen = open_subjects(company, "SCO-05")
    assert {"Slack", "Okta: Halyard Payments"} <= seen

    room = f"/o/{company.slug}/scope"
    inbox = manager.client.get(f"{room}/inbox/").content.decode()
    assert "Slack" in inbox
    assert "Okta: Halyard Payments" in inbox
    assert "Slack" in manager.client.get(f"{room}/warnings/?rule=SCO-05").content.decode()

    with scope(company):
        slack, provider = System.objects.get(name="Slack"), System.objects.get(kind="identity_provider")
    for system, decision in ((slack, "in"), (provider, "out")):
        asked = {"systems": [str(system.pk)], "decision": decision, "justification": "Looked at with its owner."}
        assert manager.client.post(f"{room}/decide/", asked).status_code == 302
    reconcile(str(company.pk))

    assert open_subjects(company, "SCO-05") == seen - {"Slack", "Okta: Halyard Payments"}
    assert open_subjects(company, "SCO-02") == {"Okta: Halyard Payments"}
    assert "Slack" not in manager.client.get(f"{room}/inbox/").content.decode()
    assert open_subjects(company, "SCO-14") == {"Slack"}
    with scope(company):
        (listed,) = CheckList.objects.all()
        assert (listed.system_id, listed.programme_id, listed.starts_on) == (slack.pk, programme.pk, day)

    collect(company, link)
    assert open_subjects(company, "SCO-05") == seen - {"Slack", "Okta: Halyard Payments"}
