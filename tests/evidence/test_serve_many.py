"""One artefact for many requirements, pointing at a source, and how evidence is filed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from compliance.frameworks.models import Requirement
from compliance.tenancy.clock import today
from compliance.tenancy.ids import NIL
from compliance.tenancy.rooms import scope
from controls.models import Mapping
from evidence.models import Artefact, EvidenceLink, EvidenceRequirement, SourceLink
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement

pytestmark = pytest.mark.django_db


@pytest.fixture()
def two(acme, mei, jonas, priya):
    """What Jonas' and what Priya's control have to show, both meeting CC6.1 and one A.5.18 of ISO 27001."""
    with scope(acme):
        mine, hers = make_control(owner=jonas.membership), make_control(ref="AC-88", owner=priya.membership)
        for control, key, ref in ((mine, "soc2-tsc-2017", "CC6.1"), (hers, "soc2-tsc-2017", "CC6.1"), (hers, "iso27001-2022", "A.5.18")):
            met = Requirement.objects.get(organization_id=NIL, framework__key=key, ref=ref)
            Mapping.objects.create(control=control, requirement=met)
        return make_requirement(mei.actor, mine, title="Jonas list"), make_requirement(mei.actor, hers, title="Priya list")


def page_of(person, artefact, q=""):
    return person.client.get(reverse("evidence:serves", args=["acme", artefact.pk]), {"q": q}).content.decode()


def change(person, artefact, requirement, **more):
    return person.client.post(reverse("evidence:serve", args=["acme", artefact.pk]), {"requirement": requirement.pk, **more})


def test_an_artefact_is_linked_across_controls_and_shows_the_frameworks(acme, mei, jonas, two):
    with scope(acme):
        artefact = bring(jonas, two[0]).artefact
    assert "ISO" not in page_of(mei, artefact)
    assert "Priya list" in page_of(mei, artefact, "Priya")
    assert change(mei, artefact, two[1]).status_code == 302
    told = page_of(mei, artefact)
    assert "Priya list" in told
    assert "ISO" in told
    assert change(mei, artefact, two[1], no_longer="1").status_code == 302
    with scope(acme):
        assert [link.requirement_id for link in EvidenceLink.objects.filter(artefact=artefact)] == [two[0].pk]


def test_only_who_brings_it_links_it(acme, jonas, priya, noor, stranger, two):
    with scope(acme):
        artefact = bring(jonas, two[0]).artefact
    assert change(jonas, artefact, two[1]).status_code == 403
    assert change(priya, artefact, two[1]).status_code == 302
    assert change(noor, artefact, two[1]).status_code == 403
    assert change(stranger, artefact, two[1]).status_code == 404


def test_an_address_is_no_evidence_until_a_capture_of_it_is_brought(acme, jonas, two):
    at = reverse("evidence:point", args=["acme", two[0].pk])
    day = str(today("Europe/Lisbon"))
    told = {"title": "Okta users", "url": "https://acme.okta.com/users", "shows": "All users, active.", "as_of": day}
    assert jonas.client.post(at, told).status_code == 302
    with scope(acme):
        artefact, requirement = Artefact.objects.get(), EvidenceRequirement.objects.get(pk=two[0].pk)
        assert (artefact.latest_number, requirement.freshness) == (0, "not_yet_due")
        assert SourceLink.objects.get().url == "https://acme.okta.com/users"
    shown = jonas.client.get(reverse("evidence:artefact", args=["acme", artefact.pk])).content.decode()
    assert "Only an address, so no evidence yet" in shown
    assert "Only an address" in jonas.client.get(reverse("evidence:artefacts", args=["acme"])).content.decode()
    with scope(acme):
        bring(jonas, two[0], artefact=artefact)
        assert EvidenceRequirement.objects.get(pk=two[0].pk).freshness == "current"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "javascript:alert(1)"}, "whole address"), ({"url": "acme.okta.com"}, "whole address"),
        ({"url": "https://[::1"}, "whole address"),
        ({"as_of": str(today("Europe/Lisbon") + timedelta(days=2))}, "has not come"), ({"shows": " "}, "Say what it shows"),
    ],
)  # fmt: skip
def test_an_address_that_says_nothing_is_refused(acme, jonas, two, wrong, said):
    told = {"title": "Okta", "url": "https://acme.okta.com", "shows": "Users.", "as_of": str(today("Europe/Lisbon"))}
    answer = jonas.client.post(reverse("evidence:point", args=["acme", two[0].pk]), told | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with scope(acme):
        assert not Artefact.objects.exists()


def test_files_are_filed_by_criterion_and_control_under_names_that_sort(acme, mei, jonas, two):
    with scope(acme):
        version = bring(jonas, two[0])
        criterion = Requirement.objects.get(organization_id=NIL, framework__key="soc2-tsc-2017", ref="CC6.1")
    at = reverse("evidence:filed", args=["acme"])
    assert "CC6.1" in mei.client.get(at).content.decode()
    page = mei.client.get(at, {"at": str(criterion.pk)}).content.decode()
    assert f"CC6.1/{two[0].control.ref}/{version.artefact.ref}-v01_{version.effective_end:%Y-%m-%d}_jonas-list.pdf" in page
    answer = mei.client.get(reverse("evidence:download", args=["acme", version.pk]))
    assert f"{version.artefact.ref}-v01_" in answer["Content-Disposition"]


def test_capture_that_is_stated_on_the_plain_form_is_kept(acme, jonas, two):
    from tests.evidence.test_provide_evidence import at, form

    stated = {"environment": "production", "url": "https://acme.okta.com", "captured_at": "2026-10-31T09:30", "tool": "okta-cli"}
    assert jonas.client.post(at(two[0]), form(**stated)).status_code == 302
    with scope(acme):
        capture = Artefact.objects.get().versions.get().provenance["capture"]
    assert capture == stated | {"captured_at": "2026-10-31T09:30+00:00"}
    wrong = jonas.client.post(at(two[0]), form(url="nowhere", captured_at="yesterday"))
    assert wrong.status_code == 422
    assert b"whole address" in wrong.content
