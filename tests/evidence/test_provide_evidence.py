"""Bringing evidence by hand: who may, what is taken in, what is said where it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control
from evidence.models import Artefact, EvidenceRequirement, Version
from evidence.services.hand_in import hand_in_version
from evidence.storage import open_stored
from tests.factories.controls import make_control
from tests.factories.evidence import PDF, bring, collect, make_connection, make_requirement, upload

pytestmark = pytest.mark.django_db


def at(requirement):
    return reverse("evidence:provide", args=["acme", requirement.pk])


def form(**more):
    last = today("Europe/Lisbon") - timedelta(days=1)
    return {"file": upload(), "first": str(last - timedelta(days=30)), "last": str(last), "note": "Exported from Okta.", **more}


@pytest.fixture()
def requirement(acme, mei, jonas):
    """Something that Jonas' control has to show."""
    with scope(acme):
        return make_requirement(mei.actor, make_control(owner=jonas.membership))


def test_the_owner_hands_in_a_file_and_it_is_kept_as_it_is(acme, jonas, requirement):
    answer = jonas.client.post(at(requirement), form())
    assert answer.headers["Location"] == reverse("evidence:requirement", args=["acme", requirement.pk])
    with scope(acme):
        version = Version.objects.get()
        assert (version.filename, version.media_type, version.number) == ("review.pdf", "application/pdf", 1)
        assert version.provenance == {"filename": "review.pdf", "provided_by": "Jonas Lindqvist", "note": "Exported from Okta."}
        assert version.provided_by_id == jonas.membership.pk
        with open_stored(version.sha256) as stored:
            assert stored.read() == PDF
        assert Entry.objects.get(action="evidence.version.received").actor_label == "Jonas Lindqvist"
        assert EvidenceRequirement.objects.get().freshness == "current"


def test_the_span_is_stated_by_the_days_of_the_organisation_and_receipt_by_our_clock(acme, jonas, requirement):
    before = now()
    jonas.client.post(at(requirement), form(first="2026-07-01", last="2026-07-31"))
    with scope(acme):
        version = Version.objects.get()
    assert version.effective_start.isoformat() == "2026-06-30T23:00:00+00:00"
    assert version.effective_end.isoformat() == "2026-07-31T22:59:59+00:00"
    assert before <= version.received_at <= now()


def test_a_second_file_is_the_next_version_unless_a_new_artefact_is_wanted(acme, jonas, requirement):
    jonas.client.post(at(requirement), form())
    with scope(acme):
        artefact = Artefact.objects.get()
    jonas.client.post(at(requirement), form(artefact=artefact.pk))
    jonas.client.post(at(requirement), form(artefact=""))
    with scope(acme):
        assert sorted(Version.objects.values_list("artefact__ref", "number")) == [("EV-0001", 1), ("EV-0001", 2), ("EV-0002", 1)]


def test_a_point_in_time_asks_for_one_day(acme, mei, jonas):
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control(owner=jonas.membership), span="point")
    sent = form(first="2026-05-04")
    del sent["last"]
    assert b'name="last"' not in jonas.client.get(at(requirement)).content
    jonas.client.post(at(requirement), sent)
    with scope(acme):
        assert Version.objects.get().effective_end.date().isoformat() == "2026-05-04"


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"file": ""}, "file", "Choose a file."), ({"first": ""}, "first", "Choose a day."),
        ({"first": "31/11/2026"}, "first", "Write the day"),
        ({"first": "2026-02-01", "last": "2026-01-01"}, "last", "It ends before it starts."),
        ({"last": "2150-01-01"}, "last", "a day that has not come"),
        ({"file": upload(b"MZ\x90\x00", "setup.exe")}, "file", "no kind of file"),
        ({"file": upload(b"<html></html>", "page.html")}, "file", "its name has to end in"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(acme, jonas, requirement, sent, field, said):
    answer = jonas.client.post(at(requirement), form(**sent))
    assert answer.status_code == 422
    assert said in answer.context["form"].errors[field][0]
    assert b"Exported from Okta." in answer.content
    with scope(acme):
        assert not Artefact.objects.exists()


def test_a_file_over_the_limit_is_refused_in_words(acme, jonas, requirement, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    answer = jonas.client.post(at(requirement), form(file=upload(PDF + b"x" * 1024 * 1024)))
    assert answer.status_code == 422
    assert "The file is larger than 1 MB." in answer.context["form"].errors["file"][0]


def test_a_body_far_over_the_limit_is_refused_before_it_is_read(acme, jonas, requirement, settings):
    settings.UPLOAD_MAX_BYTES = 1024
    answer = jonas.client.post(at(requirement), form(file=upload(PDF + b"x" * 1024 * 1024)))
    assert answer.status_code == 422
    assert answer.context["refused"]
    assert not answer.context["form"].is_bound


def test_a_form_without_its_token_is_refused(acme, jonas, requirement):
    client = Client(enforce_csrf_checks=True)
    client.force_login(jonas.user)
    assert client.post(at(requirement), form()).status_code == 403


@pytest.mark.parametrize("who", ["priya", "ada", "femi"])
def test_who_owns_neither_the_requirement_nor_its_control_is_refused(acme, request, requirement, who):
    client = request.getfixturevalue(who).client
    assert client.get(at(requirement)).status_code == 403
    assert client.post(at(requirement), form()).status_code == 403
    with scope(acme):
        assert not Artefact.objects.exists()


def test_who_owns_the_requirement_alone_may_bring_it(acme, mei, priya):
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control(), owner=priya.membership)
    assert priya.client.post(at(requirement), form()).status_code == 302


def test_the_manager_may_bring_anything_and_an_employee_nothing(acme, mei, noor, requirement):
    assert mei.client.post(at(requirement), form()).status_code == 302
    assert noor.client.get(at(requirement)).status_code == 403


def test_another_organisation_finds_nothing(acme, borealis, stranger, requirement):
    assert stranger.client.get(at(requirement)).status_code == 404
    own = reverse("evidence:provide", args=["borealis", requirement.pk])
    assert stranger.client.post(own, form()).status_code == 404


def test_nobody_adds_a_version_to_what_a_collector_keeps(acme, mei, requirement):
    with scope(acme):
        version = collect(make_connection(mei.actor), requirement)
    answer = mei.client.post(at(requirement), form(artefact=version.artefact_id))
    with scope(acme):
        assert Version.objects.filter(artefact_id=version.artefact_id).count() == 1
    assert answer.status_code == 302  # there is no artefact of a person yet, so the choice is not offered and not read


def test_of_a_retired_control_nothing_is_taken(acme, mei, requirement):
    with scope(acme):
        control = requirement.control
        control.implementation = "retired"
        control.save()
    answer = mei.client.post(at(requirement), form())
    assert answer.status_code == 422
    assert b"The control is retired" in answer.content


def test_a_program_adds_nothing_to_what_serves_retired_controls_alone(acme, mei, requirement):
    with scope(acme):
        artefact = bring(mei, requirement).artefact
        Control.objects.update(implementation="retired")
        span = {"effective_start": now() - timedelta(days=2), "effective_end": now() - timedelta(days=1)}
        with pytest.raises(ValidationError, match="control is retired"):
            hand_in_version(
                actor=mei.actor, artefact=artefact, content=[PDF], filename="a.pdf", media_type="application/pdf", **span
            )
        assert artefact.versions.count() == 1


def test_what_was_brought_waits_for_another_person(acme, mei, jonas, requirement):
    with scope(acme):
        bring(jonas, requirement)
    page = reverse("evidence:requirement", args=["acme", requirement.pk])
    assert b"Waits for approval" in jonas.client.get(page).content
