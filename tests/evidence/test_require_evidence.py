"""Saying what a control must show, and which artefacts show it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from controls.events import control_changed
from controls.services.change import change_control
from controls.starter.reading import read_starter_set
from evidence.list_kinds import list_kinds
from evidence.models import EvidenceLink, EvidenceRequirement
from evidence.services.hand_over import hand_over_requirements
from evidence.services.provide import offer_artefact, withdraw_artefact
from tests.factories.controls import make_control
from tests.factories.evidence import bring, collect, make_connection, make_requirement

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Screening records", "artefact": "One per joiner.", "cadence": "annual", "span": "period", "source": "person",
    "kind": "sample",
}  # fmt: skip


def at(name, pk):
    return reverse(f"evidence:{name}", args=["acme", pk])


def test_a_manager_asks_one_more_thing_of_a_control(acme, mei, jonas):
    with scope(acme):
        control = make_control(owner=jonas.membership)
    mei.client.post(at("add_requirement", control.pk), FORM)
    mei.client.post(at("add_requirement", control.pk), FORM)
    with scope(acme):
        added = EvidenceRequirement.objects.order_by("ref")
        assert [(each.ref, each.key, each.owner_id) for each in added] == [
            ("EVR-001", "screening-records", jonas.membership.pk), ("EVR-002", "screening-records-2", jonas.membership.pk),
        ]  # fmt: skip
        assert Entry.objects.filter(action="evidence.requirement.added").count() == 2


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": ""}, "title"), ({"source": "collector"}, "checks"), ({"checks": ["github.org.2fa_required"]}, "checks"),
        ({"source": "collector", "checks": ["github.no.such"]}, "checks"), ({"first_due": "soon"}, "first_due"),
        ({"kind": "proof"}, "kind"), ({"items": "PBC-999"}, "items"), ({"template": "guess"}, "template"),
        ({"naming": "{key}.pdf"}, "naming"), ({"steps": "x" * 500}, "steps"),
        ({"thresholds": "okta.password.policy"}, "thresholds"),
        ({"thresholds": "okta.password.policy colour 3"}, "thresholds"),
        ({"thresholds": "okta.password.policy min_length 14"}, "thresholds"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(acme, mei, sent, field):
    with scope(acme):
        control = make_control()
    answer = mei.client.post(at("add_requirement", control.pk), FORM | sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with scope(acme):
        assert not EvidenceRequirement.objects.exists()


def test_the_fact_kinds_follow_from_the_checks(acme, mei):
    with scope(acme):
        requirement = make_requirement(mei.actor)
    sent = FORM | {"source": "collector", "checks": ["github.org.2fa_required", "github.org.members_2fa"]}
    mei.client.post(at("change_requirement", requirement.pk), sent)
    with scope(acme):
        assert EvidenceRequirement.objects.get().fact_kinds == ["github.members", "github.org"]
        assert Entry.objects.get(action="evidence.requirement.changed").after["source"] == "collector"


@pytest.mark.parametrize("who", ["jonas", "ada", "femi", "noor"])
def test_who_may_not_change_controls_may_not_ask(acme, mei, request, who):
    person = request.getfixturevalue(who)
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control(owner=person.membership))
    assert person.client.post(at("add_requirement", requirement.control_id), FORM).status_code == 403
    assert person.client.post(at("change_requirement", requirement.pk), FORM).status_code == 403


def test_one_artefact_may_show_many_things(acme, mei):
    with scope(acme):
        version = bring(mei, make_requirement(mei.actor))
        other = make_requirement(mei.actor, make_control("HR-01"))
    page = at("requirement", other.pk)
    assert b"EV-0001" in mei.client.get(page + "?q=access").content
    mei.client.post(at("link", other.pk), {"ref": "ev-0001"})
    with scope(acme):
        assert EvidenceLink.objects.filter(artefact=version.artefact).count() == 2
        assert EvidenceRequirement.objects.get(pk=other.pk).freshness == "current"


def test_an_artefact_that_is_not_there_is_said_to_be_none(acme, mei):
    with scope(acme):
        requirement = make_requirement(mei.actor)
    answer = mei.client.post(at("link", requirement.pk), {"ref": "EV-9999"})
    assert answer.status_code == 422
    assert b"No artefact has this reference." in answer.content


def test_a_link_is_taken_away_and_both_stay(acme, mei):
    with scope(acme):
        version = bring(mei, make_requirement(mei.actor))
        link = EvidenceLink.objects.get()
    mei.client.post(at("unlink", link.pk))
    with scope(acme):
        assert not EvidenceLink.objects.exists()
        assert Entry.objects.get(action="evidence.artefact.unlinked").target_id == version.artefact_id
        assert EvidenceRequirement.objects.get().freshness == "not_yet_due"


def test_what_a_collector_links_by_itself_is_not_unlinked_by_hand(room, mei):
    requirement = make_requirement(mei.actor, source="collector", checks=["github.org.2fa_required"])
    version = collect(make_connection(mei.actor), requirement)
    with pytest.raises(ValidationError):
        withdraw_artefact(actor=mei.actor, artefact=version.artefact, requirement=requirement)


def test_who_may_not_bring_evidence_may_not_link_it(acme, mei, jonas, priya, noor):
    with scope(acme):
        version = bring(mei, make_requirement(mei.actor, make_control(owner=jonas.membership)))
        link = EvidenceLink.objects.get()
        other = make_requirement(mei.actor, make_control("HR-01"))
        with pytest.raises(PermissionDenied):
            offer_artefact(actor=priya.actor, artefact=version.artefact, requirement=other)
    for client in (priya.client, noor.client):
        assert client.post(at("link", other.pk), {"ref": "EV-0001"}).status_code == 403
        assert client.post(at("unlink", link.pk)).status_code == 403


def test_a_link_of_another_organisation_does_not_exist(acme, borealis, mei, stranger):
    with scope(borealis):
        bring(stranger, make_requirement(stranger.actor))
        link = EvidenceLink.objects.get()
    assert mei.client.post(at("unlink", link.pk)).status_code == 404


def test_when_a_control_changes_hands_what_its_owner_had_to_show_goes_along(room, mei, jonas, priya, femi):
    control = make_control(owner=jonas.membership)
    make_requirement(mei.actor, control, key="a")
    make_requirement(mei.actor, control, key="b", owner=femi.membership)
    changed = change_control(actor=mei.actor, control=control, owner=priya.membership)
    assert hand_over_requirements(actor=SYSTEM, control=changed, former_owner_id=jonas.membership.pk) == 1
    owners = EvidenceRequirement.objects.order_by("ref").values_list("owner__name", flat=True)
    assert list(owners) == ["Priya Raghunathan", "Femi Adeyemi"]
    assert Entry.objects.get(action="evidence.requirement.handed_over").after["requirements"] == ["EVR-001"]
    assert hand_over_requirements(actor=SYSTEM, control=changed, former_owner_id=jonas.membership.pk) == 0


def test_the_news_that_a_control_changed_hands_names_the_former_owner(acme, mei, jonas, priya, django_capture_on_commit_callbacks):
    heard = []

    def listen(**told):
        heard.append(told.get("former_owner_id"))

    control_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True), scope(acme):
            control = make_control(owner=jonas.membership)
            control = change_control(actor=mei.actor, control=control, owner=priya.membership)
            change_control(actor=mei.actor, control=control, title="Another")
    finally:
        control_changed.disconnect(listen)
    assert heard == [str(jonas.membership.pk), None]


def test_a_manager_says_how_it_is_collected_and_by_which_numbers_it_is_judged(acme, mei):
    with scope(acme):
        requirement = make_requirement(mei.actor)
    guidance = {
        "kind": "configuration", "items": "pbc-050\nPBC-049", "steps": "Open the page.\nExport it.", "template": "screen-record",
        "naming": "{control}_{key}_{date}_{system}", "population_template": "joiners",
        "thresholds": "okta.password.policy min_length 16\ngithub.dependabot.sla sla_days.critical 5",
        "source": "collector", "checks": ["okta.password.policy", "github.dependabot.sla"],
    }  # fmt: skip
    assert mei.client.post(at("change_requirement", requirement.pk), FORM | guidance).status_code == 302
    with scope(acme):
        found = EvidenceRequirement.objects.get()
        assert (found.kind, found.items, found.steps) == ("configuration", ["PBC-050", "PBC-049"], ["Open the page.", "Export it."])
        assert (found.template, found.naming, found.population_template) == ("screen-record", guidance["naming"], "joiners")
        assert found.thresholds == {"okta.password.policy": {"min_length": 16}, "github.dependabot.sla": {"sla_days": {"critical": 5}}}
        entry = Entry.objects.filter(action="evidence.requirement.changed").latest("id")
        assert entry.after["thresholds"] == found.thresholds
    form = mei.client.get(at("change_requirement", requirement.pk)).context["form"]
    assert form["thresholds"].value() == guidance["thresholds"]
    assert form["steps"].value() == guidance["steps"]


def test_the_population_is_chosen_among_the_kinds_that_there_are(acme, mei):
    with scope(acme):
        requirement = make_requirement(mei.actor)
    page = mei.client.get(at("change_requirement", requirement.pk)).content.decode()
    assert '<option value="production_changes">' in page
    answer = mei.client.post(at("change_requirement", requirement.pk), FORM | {"population_template": "guess"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"population_template"})


def test_every_population_that_the_starter_set_asks_for_is_a_kind():
    asked = {evidence.population_template for control in read_starter_set().controls for evidence in control.evidence} - {""}
    assert asked <= {key for key, _ in list_kinds()}
