"""The auditor's portal: one audit, read-only but for the auditor's own, and nothing of what is ours alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver, reverse

from audits.models import AuditorNote, ExternalComment, Request
from audits.portal.selectors import versions_for
from audits.services import (
    assign_request,
    comment_internally,
    comment_to_auditor,
    link_version,
    raise_request,
    withdraw_request,
)
from audits.services.requests import fingerprint
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control, Mapping
from evidence.services.decide import decide_version
from tests.conftest import having_shown
from tests.factories import audits as make

pytestmark = pytest.mark.django_db


def at(scene, name, *args, slug="acme"):
    return reverse(f"portal:{name}", args=[slug, scene.audit.pk, *args])


@pytest.fixture
def submitted(scene, mei):
    """A request that was submitted with one version, and a version that is linked to another but was not submitted."""
    with scope(scene.organization):
        scene.version = make.make_version(mei.actor)
        make.submit(mei, scene.request, scene.version)
        scene.draft = make.make_version(mei.actor, "Draft of the board minutes")
        scene.other_request = make.make_request(mei.actor, scene.audit, "Board minutes", criteria="CC1.2")
        link_version(actor=mei.actor, request=scene.other_request, version=scene.draft)
    return scene


def pages(scene):
    """Every page of the portal that can be read."""
    return [
        at(scene, "overview"),
        at(scene, "requests"),
        at(scene, "request", scene.request.pk),
        at(scene, "controls"),
        at(scene, "evidence"),
        at(scene, "recorded"),
        at(scene, "raise"),
        at(scene, "export_notes"),
    ]


def text_of(answer):
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


def test_every_page_opens_to_the_holder_of_the_seat(submitted, rosalind):
    more = [at(submitted, "version", submitted.version.pk), at(submitted, "request", submitted.other_request.pk)]
    for address in pages(submitted) + more:
        assert rosalind.get(address).status_code == 200, address


def test_no_page_opens_to_anybody_else(submitted, mei, stranger, outsider):
    for address in pages(submitted) + [at(submitted, "download", submitted.version.pk)]:
        for person in (mei, stranger, outsider):
            assert person.client.get(address).status_code == 404, (address, person.user)
        assert Client().get(address).status_code == 302


def test_every_portal_address_is_behind_a_seat():
    (portal,) = [each for each in get_resolver().url_patterns if getattr(each, "namespace", None) == "portal"]
    (audit,) = portal.url_patterns
    assert len(audit.url_patterns) > 10
    assert all(getattr(each.callback, "needs_seat", False) for each in audit.url_patterns)


def test_the_pages_of_the_organisation_do_not_exist_for_an_auditor(submitted, rosalind):
    for name, args in (
        ("audits:list", []),
        ("audits:show", [submitted.audit.pk]),
        ("audits:request", [submitted.request.pk]),
    ):
        assert rosalind.get(reverse(name, args=["acme", *args])).status_code == 404


def test_another_audit_of_the_same_organisation_does_not_exist(submitted, rosalind, mei):
    with scope(submitted.organization):
        other = make.make_audit(mei.actor, programme=submitted.audit.programme, name="Last year")
        hidden = make.make_request(mei.actor, other, "Hidden request")
        secret = make.make_version(mei.actor, "Hidden evidence")
        make.submit(mei, hidden, secret)
    assert rosalind.get(reverse("portal:overview", args=["acme", other.pk])).status_code == 404
    for name, pk in (("request", hidden.pk), ("version", secret.pk), ("download", secret.pk)):
        assert rosalind.get(at(submitted, name, pk)).status_code == 404
    for address in pages(submitted):
        assert "Hidden" not in text_of(rosalind.get(address))
    for name in ("fulfil", "return", "comment", "note"):
        sent = {"return-reason": "x", "external-text": "x", "note-text": "x"}
        assert rosalind.post(at(submitted, name, hidden.pk), sent).status_code == 404


def test_an_audit_of_another_organisation_does_not_exist(submitted, rosalind, stranger, borealis):
    with scope(borealis):
        other = make.make_audit(stranger.actor)
    assert rosalind.get(reverse("portal:overview", args=["borealis", other.pk])).status_code == 404
    assert rosalind.get(at(submitted, "overview", slug="borealis")).status_code == 404


def test_what_is_internal_is_on_no_page(submitted, rosalind, mei, jonas):
    with scope(submitted.organization):
        for request in (submitted.request, submitted.other_request):
            comment_internally(actor=mei.actor, request=request, text="INTERNALWORD we are late")
            comment_to_auditor(actor=mei.actor, request=request, text="EXTERNALWORD")
        assign_request(actor=mei.actor, request=submitted.other_request, assignee=jonas.membership)
    addresses = [
        *pages(submitted),
        at(submitted, "request", submitted.other_request.pk),
        at(submitted, "version", submitted.version.pk),
    ]
    read = "".join(text_of(rosalind.get(address)) for address in addresses)
    assert "EXTERNALWORD" in read
    for word in ("INTERNALWORD", "Draft of the board minutes", "Jonas Lindqvist", "said internally", "nternal review"):
        assert word not in read


def test_evidence_that_was_not_submitted_is_neither_listed_nor_opened(submitted, rosalind):
    for name in ("version", "download"):
        assert rosalind.get(at(submitted, name, submitted.draft.pk)).status_code == 404
    with scope(submitted.organization):
        assert [each.pk for each in versions_for(submitted.seat)] == [submitted.version.pk]


def test_a_download_is_the_stored_bytes_as_an_attachment_and_nothing_a_browser_would_run(submitted, rosalind, mei):
    answer = rosalind.get(at(submitted, "download", submitted.version.pk))
    assert b"".join(answer.streaming_content) == b"id,last_day\n1,2026-01-20\n"
    assert answer["Content-Disposition"] == 'attachment; filename="leavers.csv"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("text/csv", "nosniff")
    with scope(submitted.organization):
        page = make.make_version(
            mei.actor, "A page", b"<script>alert(1)</script>", filename="x.html", media_type="text/html"
        )
        make.submit(mei, submitted.other_request, page)
    answer = rosalind.get(at(submitted, "download", page.pk))
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_evidence_shows_its_span_provenance_digest_and_who_approved_it(submitted, rosalind, femi):
    with scope(submitted.organization):
        decide_version(actor=femi.actor, version=submitted.version, acceptance="approved")
    page = rosalind.get(at(submitted, "version", submitted.version.pk)).content.decode()
    for shown in (
        submitted.version.sha256,
        "Provided by Mei-Ling Chu, as leavers.csv",
        "by Femi Adeyemi",
        submitted.request.ref,
    ):
        assert shown in page


def test_what_was_submitted_once_stays_readable(submitted, rosalind, mei):
    with scope(submitted.organization):
        withdraw_request(actor=mei.actor, request=submitted.request, reason="To add August.")
    assert rosalind.get(at(submitted, "version", submitted.version.pk)).status_code == 200
    assert "EV-0001" in rosalind.get(at(submitted, "request", submitted.request.pk)).content.decode()


def test_the_auditor_fulfils(submitted, rosalind):
    assert rosalind.post(at(submitted, "fulfil", submitted.request.pk)).status_code == 302
    with scope(submitted.organization):
        assert Request.objects.get(pk=submitted.request.pk).state == "fulfilled"
        entry = Entry.objects.get(action="audits.request.fulfilled")
    assert (entry.actor_kind, entry.actor_label) == ("auditor", "Rosalind Okafor, Corbel & Lyne LLP")


def test_the_auditor_returns_with_a_reason_and_not_without(submitted, rosalind):
    address = at(submitted, "return", submitted.request.pk)
    assert rosalind.post(address, {"return-reason": ""}).status_code == 422
    assert rosalind.post(address, {"return-reason": "No row count."}).status_code == 302
    with scope(submitted.organization):
        assert Request.objects.get(pk=submitted.request.pk).return_reason == "No row count."


def test_what_is_not_submitted_cannot_be_decided(submitted, rosalind):
    assert rosalind.post(at(submitted, "fulfil", submitted.other_request.pk)).status_code == 409


def ask(**fields):
    return {
        "title": "Show me the board minutes",
        "detail": "",
        "criteria": "CC1.2",
        "kind": "document",
        "auditor_ref": "R-1",
        "due_date": (today("UTC") + timedelta(days=5)).isoformat(),
        "seen": "",
    } | fields


def test_the_auditor_asks_and_changes_their_own_words(submitted, rosalind):
    assert rosalind.post(at(submitted, "raise"), ask()).status_code == 302
    with scope(submitted.organization):
        own = Request.objects.get(raised_by_auditor=True)
    assert own.raised_by_seat_id == submitted.seat.pk
    assert (
        rosalind.post(at(submitted, "change", own.pk), ask(title="Both boards", seen=fingerprint(own))).status_code
        == 302
    )
    with scope(submitted.organization):
        assert Request.objects.get(pk=own.pk).title == "Both boards"


def test_the_auditor_changes_nothing_that_others_asked(submitted, rosalind, mei):
    with scope(submitted.organization):
        colleague = make.sit(mei.actor, submitted.audit, "second@corbel.example", name="Second Auditor")
        theirs = raise_request(
            actor=make.auditor(colleague), audit=submitted.audit, seat=colleague, title="Theirs", due_date=today("UTC")
        )
    for other in (submitted.other_request, theirs):
        answer = rosalind.post(at(submitted, "change", other.pk), ask(seen=fingerprint(other)))
        assert answer.status_code == 403
    with scope(submitted.organization):
        assert Request.objects.get(pk=theirs.pk).title == "Theirs"


def test_a_note_is_read_by_its_writer_alone_and_leaves_no_trail(submitted, rosalind, mei):
    with scope(submitted.organization):
        colleague = make.sit(mei.actor, submitted.audit, "second@corbel.example", name="Second Auditor")
    second = Client()
    second.force_login(colleague.user)
    address = at(submitted, "request", submitted.request.pk)
    rosalind.post(at(submitted, "note", submitted.request.pk), {"note-text": "NOTEWORD looks thin"})
    assert "NOTEWORD" in rosalind.get(address).content.decode()
    assert "NOTEWORD" in text_of(rosalind.get(at(submitted, "export_notes")))
    assert "NOTEWORD" not in second.get(address).content.decode()
    assert "NOTEWORD" not in text_of(second.get(at(submitted, "export_notes")))
    assert (
        "NOTEWORD"
        not in mei.client.get(reverse("audits:request", args=["acme", submitted.request.pk])).content.decode()
    )
    with scope(submitted.organization):
        assert AuditorNote.objects.count() == 1
        assert not Entry.objects.filter(action__contains="note").exists()


def test_a_comment_of_the_auditor_is_external(submitted, rosalind, mei):
    rosalind.post(at(submitted, "comment", submitted.request.pk), {"external-text": "Please add August."})
    with scope(submitted.organization):
        comment = ExternalComment.objects.get()
    assert comment.by_auditor
    assert (
        "Please add August."
        in mei.client.get(reverse("audits:request", args=["acme", submitted.request.pk])).content.decode()
    )


def test_the_matrix_shows_what_is_stated_and_nothing_of_how_well_it_stands(submitted, rosalind, jonas):
    from compliance.programmes.selectors import requirements_in_scope

    with scope(submitted.organization):
        requirement = requirements_in_scope(submitted.audit.programme).get(ref="CC6.3")
        stated = Control.objects.create(
            ref="AC-07",
            title="Quarterly access review",
            statement="Every account is reviewed.",
            owner=jonas.membership,
            frequency="quarterly",
            implementation="implemented",
            design="unsuitable",
            design_reason="DESIGNREASON",
            test_procedures=[{"type": "inspection", "text": "Read the review."}],
        )
        planned = Control.objects.create(ref="AC-99", title="PLANNEDCONTROL", statement="x", implementation="planned")
        for control in (stated, planned):
            Mapping.objects.create(
                control=control, requirement=requirement, framework_owner_id=requirement.organization_id
            )
    matrix = rosalind.get(at(submitted, "controls"), {"series": "CC6"}).content.decode()
    paper = rosalind.get(at(submitted, "control", stated.pk)).content.decode()
    for shown in ("AC-07", "Every account is reviewed.", "Jonas Lindqvist", "Quarterly"):
        assert shown in matrix
        assert shown in paper
    assert "Read the review." in paper
    for hidden in ("PLANNEDCONTROL", "DESIGNREASON", "eadiness", "everity", "utlook", "Gap"):
        assert hidden not in matrix + paper
    assert rosalind.get(at(submitted, "control", planned.pk)).status_code == 404


def test_a_requirement_without_a_control_says_so(submitted, rosalind):
    assert "No control is stated for it." in rosalind.get(at(submitted, "controls")).content.decode()


def test_the_portal_asks_for_a_second_factor_where_the_organisation_does(submitted, rosalind):
    type(submitted.organization).objects.filter(pk=submitted.organization.pk).update(requires_second_factor=True)
    assert rosalind.get(at(submitted, "overview")).headers["Location"] == reverse("mfa_index")


def test_the_portal_opens_to_a_session_that_has_shown_one(submitted, rosalind):
    type(submitted.organization).objects.filter(pk=submitted.organization.pk).update(requires_second_factor=True)
    app = Authenticator.objects.create(user_id=rosalind.session["_auth_user_id"], type="totp", data={})
    assert rosalind.get(at(submitted, "overview")).headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert having_shown(rosalind, app).get(at(submitted, "overview")).status_code == 200


def test_a_refused_address_does_not_tell_whose_it_is(submitted, outsider):
    assert "Acme" not in outsider.client.get(at(submitted, "overview")).content.decode()


def test_the_portal_asks_as_often_for_many_as_for_few(submitted, rosalind, mei):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    addresses = [at(submitted, name) for name in ("overview", "requests", "controls", "evidence")]

    def queries():
        with CaptureQueriesContext(connection) as captured:
            for address in addresses:
                rosalind.get(address)
        return len(captured)

    queries()
    few = queries()
    with scope(submitted.organization):
        for number in range(30):
            make.submit(mei, make.make_request(mei.actor, submitted.audit, f"Request {number}"))
    assert queries() == few
