"""What follows from completed reviews: checks of lists may pass by them, and they are a population."""

from __future__ import annotations

from datetime import date, timedelta

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.accessreviews.lists import reviewed
from evidence.accessreviews.offers import offers
from evidence.accessreviews.services.complete import complete_campaign
from evidence.accessreviews.services.decide import sign_list
from evidence.checks import catalogue
from evidence.checks.base import run
from evidence.collectors.facts import facts_of

CHECK = "okta.admins.population"
ADA = "user:ada@acme.example"


def _complete(acme, mei, jonas, desk, campaign):
    with scope(acme):
        sign_list(actor=jonas.actor, member=jonas.membership, account_list=desk.list_of(), answer="Confirmed with every lead in person.")
        return complete_campaign(actor=mei.actor, member=mei.membership, campaign=campaign)


def _reviewed(acme, connection, *resources, at=None):
    with scope(acme):
        return dict(reviewed(connection, CHECK, resources, at or now()))


def test_a_list_counts_as_reviewed_once_its_review_is_completed_and_until_the_next_is_due(
    acme, mei, jonas, priya, okta_seen, campaign, desk
):
    desk.keep_all(jonas, priya)
    assert _reviewed(acme, okta_seen, ADA, "org") == {}
    _complete(acme, mei, jonas, desk, campaign)
    found = _reviewed(acme, okta_seen, ADA, "org", "user:stranger@acme.example")
    assert set(found) == {ADA}
    said = found[ADA]
    assert (said.by, said.on.date(), said.until.date()) == ("Jonas Lindqvist", date(2026, 9, 20), date(2027, 1, 14))
    assert _reviewed(acme, okta_seen, ADA, at=now() + timedelta(days=115)) != {}
    assert _reviewed(acme, okta_seen, ADA, at=now() + timedelta(days=118)) == {}
    assert _reviewed(acme, okta_seen, ADA, at=now() - timedelta(days=1)) == {}


def test_the_resources_are_those_that_the_check_names(acme, okta_seen, campaign):
    from evidence.accessreviews.models import Account, AccountList

    with scope(acme):
        named = {finding.resource for finding in run(catalogue.get(CHECK), facts_of(okta_seen))}
        accounts = [each.stands_for for each in Account.objects.filter(campaign=campaign)]
        accounts += [each.stands_for for each in AccountList.objects.filter(campaign=campaign)]
    assert {each[CHECK] for each in accounts if CHECK in each} == named


def test_what_has_to_go_and_is_still_there_is_not_reviewed_by_that(acme, mei, jonas, priya, okta_seen, campaign, desk, days):
    desk.decide(jonas, "ada", "change", "Runs the applications only.", ("Super Admin",))
    desk.keep_all(jonas, priya)
    _complete(acme, mei, jonas, desk, campaign)
    assert _reviewed(acme, okta_seen, ADA, "org") == {}
    days.collect(admins={"ada@acme.example": ["APP_ADMIN"]})
    assert set(_reviewed(acme, okta_seen, ADA, "org")) == {ADA}


def test_a_review_is_offered_before_its_block_ends_and_through_the_grace(acme, requirement, days, mei, prepare):
    with scope(acme):
        offered = list(offers())
    assert [(each.block.first, each.block.last, each.due_on, each.late) for each in offered] == [
        (date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 15), False)
    ]
    page = mei.client.get("/o/acme/work/").content.decode()
    assert "Prepare the access review of" in page
    days.later(20)
    with scope(acme):
        assert [each.late for each in offers()] == [True]
    prepare()
    with scope(acme):
        assert list(offers()) == []
        days.later(50)
        assert list(offers()) == []


def test_it_is_not_offered_long_before_or_once_it_is_missed(acme, requirement, days):
    days.later(-40)
    with scope(acme):
        assert list(offers()) == []
    days.later(40 + 27)
    with scope(acme):
        assert list(offers()) == []
