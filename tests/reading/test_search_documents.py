"""Searching inside documents: by whole words and beginnings, with what stands about them, and only in one's own room."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.reading.models import Document, LintFinding, Words
from evidence.reading.searching import ask, documents_with
from evidence.reading.services import read_version
from evidence.reading.tasks import read_unread
from tests.factories import files
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement

pytestmark = pytest.mark.django_db
MINUTES = b"Minutes of 3 May 2026: the quarterly access review of Okta was signed by o'Brien."


def brought(person, organization, content=MINUTES, name="minutes.txt", kind="text/plain"):
    with scope(organization):
        requirement = make_requirement(person.actor, make_control(owner=person.membership))
        version = bring(person, requirement, content=content, filename=name, media_type=kind)
        read_version(actor=SYSTEM, version=version)
    return version


def test_words_are_found_whole_or_by_their_beginning(acme, mei):
    version = brought(mei, acme)
    with scope(acme):
        for text in ("okta", "Quarterly REVIEW", "quart", "o'brien", "signed okta minutes"):
            assert [each.version_id for each in documents_with(text)] == [version.pk], text
        for text in ("oktaverse", "unsigned", "quarterly budget", "", "!!", "&|!()", "'", "\\", "\0", ":*", "a" * 5000):
            assert not documents_with(text).exists(), text


def test_a_search_sees_its_own_room_alone(acme, mei, borealis, stranger):
    brought(mei, acme)
    theirs = brought(stranger, borealis)
    with scope(borealis):
        assert [each.version_id for each in documents_with("okta")] == [theirs.pk]


def test_the_words_can_only_be_searched(acme, mei):
    brought(mei, acme)
    with scope(acme):
        assert not Words.objects.exists()
        assert ask("okta")
        assert Words.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.search', '', true)")
        assert not Words.objects.exists()


def test_the_list_of_artefacts_is_searched_inside(acme, mei):
    version = brought(mei, acme)
    page = mei.client.get(reverse("evidence:artefacts", args=["acme"]), {"inside": "okta quarterly"}).content.decode()
    assert version.filename not in page  # the title stands there, and what was found
    assert "the quarterly access review of Okta" in page
    assert (
        "Nothing matches"
        in mei.client.get(reverse("evidence:artefacts", args=["acme"]), {"inside": "nowhere"}).content.decode()
    )


def test_what_cannot_be_read_says_why(acme, mei):
    version = brought(mei, acme, files.png(), "screen.png", "image/png")
    with scope(acme):
        document = Document.objects.get()
        assert (document.searchable, document.reason) == (False, "It is a picture: its words cannot be read.")
    page = mei.client.get(reverse("evidence:artefact", args=["acme", version.artefact_id])).content.decode()
    assert "Not searchable: It is a picture" in page


def test_what_people_brought_is_read_once(acme, mei):
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control(owner=mei.membership))
        bring(mei, requirement, content=b"Nothing dated in here", filename="a.txt", media_type="text/plain")
        assert (read_unread(), read_unread()) == (1, 0)
        assert [each.rule for each in LintFinding.objects.all()] == ["undated"]


def test_a_document_of_more_words_than_an_entry_holds_is_found_by_its_beginning(acme, mei):
    many = " ".join(f"wörd-{n:05d}-ü{n:05d}" for n in range(20_000)).encode()
    version = brought(mei, acme, b"Beginning of 3 May 2026. " + many, "many.txt")
    with scope(acme):
        assert [each.version_id for each in documents_with("beginning")] == [version.pk]
