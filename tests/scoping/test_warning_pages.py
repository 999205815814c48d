"""The Warnings tab, one warning, a system's page, the check list and the API."""

from __future__ import annotations

import pytest

from compliance.access.permissions import Permission
from compliance.registers.services import change_system, record_discovery
from compliance.scoping.models import Answer, CheckList, ScopeWarning
from compliance.scoping.services import decide_warning, reconcile
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from tests.scoping.conftest import day, enter, one

PAGE = "/o/acme/scope/warnings/"


@pytest.fixture
def warned(acme, mei, programme) -> ScopeWarning:
    with scope(acme):
        enter(mei.actor, "Vault", decision="out", environment="production")
        enter(mei.actor, "Wiki", since=-10, kind="application", data_classes=["internal"])
        reconcile()
        return ScopeWarning.objects.get(rule="SCO-01")


def read(person, url: str) -> str:
    answer = person.client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_worst_stands_first_with_why_and_what_to_do(mei, warned):
    page = read(mei, PAGE)
    assert page.index("A production database is out of scope") < page.index("In scope without customer data")
    assert "Bring it into scope" in page
    assert f'href="/o/acme/scope/{warned.system_id}/"' in page
    assert f'href="{PAGE}{warned.pk}/"' in page
    assert 'Warnings <span class="count">' in read(mei, "/o/acme/scope/")


def test_it_is_narrowed_by_rule_system_programme_and_state(acme, mei, warned, programme):
    assert "Vault" not in read(mei, f"{PAGE}?rule=SCO-12")
    assert "In scope without customer data" in read(mei, f"{PAGE}?rule=SCO-12")
    with scope(acme):
        ref = warned.system.ref
    only = read(mei, f"{PAGE}?system={ref}")
    assert "Vault" in only
    assert "Wiki" not in only
    assert "Availability in" in read(mei, f"{PAGE}?programme={programme.pk}")
    assert "No warning fits" in read(mei, f"{PAGE}?state=decided")
    assert mei.client.get(f"{PAGE}?rule=nothing&programme=x&cursor=x&system=x").status_code == 200


def test_a_decision_is_recorded_from_its_page_and_taken_back(acme, mei, warned):
    url = f"{PAGE}{warned.pk}/"
    sent = mei.client.post(f"{url}decide/", {"reason": "", "review_on": "soon"})
    assert sent.status_code == 422
    assert "Write the day as" in sent.content.decode()
    long = mei.client.post(f"{url}decide/", {"reason": "Kept words.", "review_on": day(900).isoformat()})
    assert (long.status_code, "Kept words." in long.content.decode()) == (422, True)
    assert mei.client.post(f"{url}decide/", {"reason": "Retired.", "review_on": day(9).isoformat()}).status_code == 302
    assert "Vault" not in read(mei, PAGE)
    assert "Retired." in read(mei, url)
    assert "Vault" in read(mei, f"{PAGE}?state=decided")
    assert mei.client.post(f"{url}withdraw/", {"reason": ""}).status_code == 422
    assert mei.client.post(f"{url}withdraw/", {"reason": "It is not."}).status_code == 302
    assert "Vault" in read(mei, PAGE)


def test_who_may_not_decide_reads_and_is_refused(jonas, noor, stranger, warned):
    url = f"{PAGE}{warned.pk}/"
    assert "Record the decision" not in read(jonas, url)
    assert jonas.client.post(f"{url}decide/", {"reason": "x", "review_on": day(9).isoformat()}).status_code == 403
    assert noor.client.get(url).status_code == 403
    assert stranger.client.get(url).status_code == 404
    assert stranger.client.get(f"/o/borealis/scope/warnings/{warned.pk}/").status_code == 404


def fragment_of(person, system_id) -> str:
    """What the system's page fetches; asked for by itself, it leads to the list."""
    url = f"/o/acme/scope/warnings/of/{system_id}/"
    assert person.client.get(url).status_code == 302
    return person.client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_a_systems_page_shows_its_warnings_and_its_check_list(acme, mei, warned):
    page = read(mei, f"/o/acme/scope/{warned.system_id}/")
    assert f'hx-get="/o/acme/scope/warnings/of/{warned.system_id}/"' in page
    assert "?system=" in page
    assert "A production database is out of scope" in fragment_of(mei, warned.system_id)
    with scope(acme):
        listed = CheckList.objects.get()
    fragment = fragment_of(mei, listed.system_id)
    assert f'href="/o/acme/scope/check-lists/{listed.pk}/"' in fragment


def test_a_check_list_is_answered_by_the_owner_of_the_system_and_by_no_other_owner(acme, mei, jonas, priya, warned):
    with scope(acme):
        listed = CheckList.objects.select_related("system").get()
        change_system(actor=mei.actor, system=listed.system, owner=jonas.membership)
    url = f"/o/acme/scope/check-lists/{listed.pk}/"
    assert "1 of 4" in read(jonas, url)
    assert "Record it" in read(jonas, url)
    assert "Record it" not in read(priya, url)
    assert priya.client.post(f"{url}start/", {"day": day(-9).isoformat()}).status_code == 403
    assert jonas.client.post(f"{url}start/", {"day": "never"}).status_code == 422
    assert jonas.client.post(f"{url}controls/", {"text": " "}).status_code == 422
    assert jonas.client.post(f"{url}owner/", {"text": "Me."}).status_code == 404
    assert jonas.client.post(f"{url}start/", {"day": day(-9).isoformat()}).status_code == 302
    assert "2 of 4" in read(jonas, url)
    assert "Jonas Lindqvist" in read(mei, url)
    with scope(acme):
        assert Answer.objects.get().answered_by == "Jonas Lindqvist"


def test_the_api_lists_by_rule_severity_state_system_and_programme(acme, mei, warned, programme, token_of):
    from django.test import Client

    token = token_of(acme, Permission.SCOPE_VIEW, Permission.SCOPE_DECIDE)
    caller = Client(headers={"Authorization": f"Bearer {token}"})

    def rules(query: str = "") -> set[str]:
        answer = caller.get(f"/api/v1/scope-warnings/{query}")
        assert answer.status_code == 200
        return {each["rule"] for each in answer.json()["results"]}

    assert {"SCO-01", "SCO-10", "SCO-12", "SCO-14"} <= rules()
    assert rules("?rule=SCO-12") == {"SCO-12"}
    assert rules("?severity=critical") == {"SCO-01"}
    assert rules(f"?system={warned.system_id}") == {"SCO-01"}
    assert "SCO-10" in rules(f"?programme={programme.pk}")
    assert rules("?state=decided") == set()
    asked = {"reason": "Retired.", "review_on": day(9).isoformat()}
    done = caller.post(f"/api/v1/scope-warnings/{warned.pk}/decide/", asked, content_type="application/json")
    assert (done.status_code, done.json()["state"]) == (200, "decided")
    assert done.json()["url"] == f"/o/acme/scope/{warned.system_id}/"
    assert rules("?state=decided") == {"SCO-01"}
    undone = caller.post(f"/api/v1/scope-warnings/{warned.pk}/withdraw/", {"reason": "No."}, content_type="application/json")
    assert (undone.status_code, undone.json()["state"]) == (200, "open")


def test_news_from_the_registers_asks_for_one_reconcile_however_much_there_is(acme, mei, monkeypatch, django_capture_on_commit_callbacks):
    from django.core.cache import cache

    from compliance.scoping import receivers

    asked: list = []
    monkeypatch.setattr(receivers.reconcile, "apply_async", lambda args, **more: asked.append(args))
    cache.delete(receivers.reconcile.waiting_key(str(acme.pk)))
    with django_capture_on_commit_callbacks(execute=True), scope(acme):
        for number in range(3):
            record_discovery(actor=SYSTEM, kind="repo", external_id=f"github:a/{number}", name=str(number), discovered_by="GitHub")
    assert asked == [[str(acme.pk)]]
    with scope(acme):
        assert not ScopeWarning.objects.exists()
    receivers.reconcile(str(acme.pk))
    with scope(acme):
        assert ScopeWarning.objects.filter(rule="SCO-05").count() == 3
        assert not cache.get(receivers.reconcile.waiting_key(str(acme.pk)))


def test_what_rests_on_a_decision_says_so_when_it_has_returned(acme, mei, warned):
    with scope(acme):
        decide_warning(actor=mei.actor, warning=warned, reason="Retired.", review_on=day(9))
        change_system(actor=mei.actor, system=warned.system, data_classes=["customer"])
        one("SCO-01")
    assert "Returned" in read(mei, PAGE)
    assert "The facts have changed since" in read(mei, f"{PAGE}{warned.pk}/")
