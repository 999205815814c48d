"""A file in parts: resumed, compared, told by its content, held until it is handed in, swept when it is not."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.models import Artefact, Version
from evidence.reading.models import LintAnswer, LintFinding
from evidence.storage import open_stored, part_path
from evidence.uploads import models
from evidence.uploads.joining import Joined, Whole, opened
from evidence.uploads.models import Upload, UploadPart
from evidence.uploads.services import Statement, hand_in_upload, sweep_strays, sweep_uploads, take_part
from tests.factories import files
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement
from tests.factories.turns import is_held

pytestmark = pytest.mark.django_db
TEXT = b"As of 3 May 2026 access was reviewed.\n" * 400
SMALL = 4096


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """Parts of 4 KB: what is true of them is true of 8 MB."""
    monkeypatch.setattr(models, "PART_BYTES", SMALL)
    monkeypatch.setattr("evidence.uploads.views.PART_BYTES", SMALL)


@pytest.fixture()
def requirement(acme, mei, jonas):
    with scope(acme):
        return make_requirement(mei.actor, make_control(owner=jonas.membership))


def begin(person, requirement, name="minutes.txt", size=None):
    data = {"filename": name, "size": len(TEXT) if size is None else size}
    return person.client.post(reverse("uploads:begin", args=["acme", requirement.pk]), data)


def send(person, upload, number, content, sha256=None):
    told = sha256 or hashlib.sha256(content).hexdigest()
    url = reverse("uploads:part", args=["acme", upload, number])
    return person.client.put(url, content, "application/octet-stream", headers={"X-Content-SHA256": told})


def parts_of(content):
    return [content[at : at + SMALL] for at in range(0, len(content), SMALL)]


def whole(person, requirement, content=TEXT, name="minutes.txt"):
    """Begin, send every part, complete; what the page is told."""
    begun = begin(person, requirement, name, len(content)).json()
    for number, part in enumerate(parts_of(content), 1):
        assert send(person, begun["id"], number, part).status_code == 200
    return person.client.post(reverse("uploads:complete", args=["acme", begun["id"]])).json()


def state(upload, **more):
    """What the page of held files sends for one."""
    prefix, day = f"u{upload.replace('-', '')}", today("Europe/Lisbon") - timedelta(days=1)
    fields = {"title": "Minutes of May", "first": str(day - timedelta(days=3)), "last": str(day), **more}
    return {f"{prefix}-{name}": value for name, value in fields.items()}


def hand_in(person, requirement, *uploads, **more):
    data = {}
    for upload in uploads:
        data |= state(upload, **more)
    return person.client.post(reverse("uploads:held", args=["acme", requirement.pk]), data)


def test_parts_become_one_file_that_is_kept_byte_for_byte(acme, jonas, requirement):
    told = whole(jonas, requirement)
    assert (told["state"], told["found"]) == ("held", [])
    with scope(acme):
        assert not Version.objects.exists()
    assert hand_in(jonas, requirement, told["id"], source_system="Okta", environment="production").status_code == 302
    with scope(acme):
        version = Version.objects.get()
        with open_stored(version.sha256) as stored:
            assert stored.read() == TEXT
        assert (version.size, version.media_type, version.artefact.title) == (len(TEXT), "text/plain", "Minutes of May")
        assert version.provenance["capture"] == {"source_system": "Okta", "environment": "production"}
        assert not UploadPart.objects.exists()
        assert Entry.objects.filter(action="evidence.version.received", actor_label="Jonas Lindqvist").exists()


def test_the_parts_are_gone_once_it_is_handed_in(acme, jonas, requirement, django_capture_on_commit_callbacks):
    told = whole(jonas, requirement)
    with scope(acme):
        paths = [f"{acme.pk}/uploads/{told['id']}/{part.number:05d}-{part.sha256}" for part in UploadPart.objects.all()]
    assert all(default_storage.exists(path) for path in paths)
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(jonas, requirement, told["id"])
    assert not any(default_storage.exists(path) for path in paths)


def test_a_broken_upload_goes_on_where_it_stopped(jonas, requirement):
    begun = begin(jonas, requirement).json()
    first, second, *_ = parts_of(TEXT)
    send(jonas, begun["id"], 1, first)
    again = begin(jonas, requirement).json()
    assert again["id"] == begun["id"]
    assert again["parts"] == {"1": hashlib.sha256(first).hexdigest()}
    missing = jonas.client.post(reverse("uploads:complete", args=["acme", begun["id"]]))
    assert (missing.status_code, missing.json()["error"]) == (409, "Parts are missing: 2, 3, 4.")


def test_the_same_part_again_takes_its_own_place(jonas, requirement):
    begun = begin(jonas, requirement).json()
    first = parts_of(TEXT)[0]
    for content in (bytes(SMALL), first, first):
        assert send(jonas, begun["id"], 1, content).status_code == 200
    told = jonas.client.get(reverse("uploads:state", args=["acme", begun["id"]])).json()
    assert told["parts"] == {"1": hashlib.sha256(first).hexdigest()}


@pytest.mark.parametrize(
    ("number", "content", "sha256", "status"),
    [(1, TEXT[:SMALL], "0" * 64, 422), (1, TEXT[:100], None, 422), (1, TEXT[: SMALL + 1], None, 413),
        (9, TEXT[:SMALL], None, 422), (0, b"x", None, 422)],
)  # fmt: skip
def test_a_part_that_is_not_what_it_should_be_is_refused(acme, jonas, requirement, number, content, sha256, status):
    begun = begin(jonas, requirement).json()
    assert send(jonas, begun["id"], number, content, sha256).status_code == status
    with scope(acme):
        assert not UploadPart.objects.exists()


def test_what_it_is_is_told_by_its_content(acme, jonas, requirement):
    told = whole(jonas, requirement, b"\x7fELF" + bytes(9000), "report.pdf")
    assert told["state"] == "refused"
    assert "no kind of file" in told["refusal"]
    page = jonas.client.get(reverse("uploads:held", args=["acme", requirement.pk])).content.decode()
    assert "no kind of file" in page
    with scope(acme):
        assert Entry.objects.filter(action="uploads.upload.refused").exists()


@pytest.mark.parametrize(
    ("name", "size"),
    [("a.txt", 0), ("a.txt", -5), ("a.txt", 10**15), ("a.txt", "x"), ("", 5), ("a.txt", 10**40), ("\0", 5)],
)
def test_a_file_that_cannot_be_is_refused_before_a_byte_is_sent(jonas, requirement, name, size):
    answer = begin(jonas, requirement, name, size)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_findings_are_shown_before_it_is_received_and_answered_with_it(acme, jonas, requirement):
    told = whole(jonas, requirement, files.png(), "screen.png")
    assert [each["rule"] for each in told["found"]] == ["unseen"]
    page = jonas.client.get(reverse("uploads:held", args=["acme", requirement.pk])).content.decode()
    assert "does it show the date and the system?" in page
    new = hand_in(jonas, requirement, told["id"], environment="staging", seen="unseen")
    assert new.status_code == 422  # the environment was stated just now, and what follows from it stood on no page yet
    assert "It was taken in staging" in new.content.decode()
    with scope(acme):
        assert not Version.objects.exists()
    done = hand_in(
        jonas,
        requirement,
        told["id"],
        environment="staging",
        seen="unseen,environment",
        **{"answer-unseen": "The clock shows it."},
    )
    assert done.status_code == 302
    with scope(acme):
        assert {each.rule for each in LintFinding.objects.all()} == {"unseen", "environment"}
        assert LintAnswer.objects.get().text == "The clock shows it."


def test_the_same_bytes_under_a_new_date_are_found(acme, jonas, requirement):
    with scope(acme):
        bring(jonas, requirement, content=TEXT, days_ago=60, filename="old.txt", media_type="text/plain")
    told = whole(jonas, requirement)
    answer = hand_in(jonas, requirement, told["id"])
    assert "is the same file. Under a new date it shows the old day again." in answer.content.decode()


def test_many_are_handed_in_at_once_or_none_is(acme, jonas, requirement):
    one, other = whole(jonas, requirement), whole(jonas, requirement, TEXT + b"more", "more.txt")
    wrong = state(one["id"]) | state(other["id"], first="2150-01-01", last="2150-01-02")
    at = reverse("uploads:held", args=["acme", requirement.pk])
    answer = jonas.client.post(at, wrong)
    assert answer.status_code == 422
    assert "a day that has not come" in answer.content.decode()
    assert "Minutes of May" in answer.content.decode()
    with scope(acme):
        assert not Version.objects.exists()
    assert jonas.client.post(at, state(one["id"]) | state(other["id"])).status_code == 302
    with scope(acme):
        assert Artefact.objects.count() == Version.objects.count() == 2


def test_others_do_not_go_on_with_it(jonas, priya, noor, stranger, requirement):
    begun = begin(jonas, requirement).json()
    assert send(priya, begun["id"], 1, TEXT[:SMALL]).status_code == 403
    assert send(noor, begun["id"], 1, TEXT[:SMALL]).status_code == 403
    assert send(stranger, begun["id"], 1, TEXT[:SMALL]).status_code == 404
    assert begin(priya, requirement).status_code == 403


def test_who_provides_for_all_may_take_it_away_but_brings_no_part_of_what_is_not_theirs(acme, mei, jonas, requirement):
    # Else Mei could bring the bytes, Jonas hand them in, and Mei approve what is hers.
    upload = begin(jonas, requirement).json()["id"]
    assert send(mei, upload, 1, TEXT[:SMALL]).status_code == 403
    with scope(acme), pytest.raises(PermissionDenied):
        hand_in_upload(
            actor=mei.actor, member=mei.membership, upload=Upload.objects.get(pk=upload), by_program=True,
            statement=Statement(effective_start=now(), effective_end=now()),
        )  # fmt: skip
    assert mei.client.post(reverse("uploads:drop", args=["acme", upload])).status_code == 302
    with scope(acme):
        assert not Upload.objects.exists()


def test_what_is_under_way_is_limited(acme, jonas, requirement, settings):
    settings.UPLOAD_QUOTA_BYTES = 2 * len(TEXT)
    for name in ("a.txt", "b.txt"):
        assert begin(jonas, requirement, name).status_code == 201
    assert "Too much is under way" in begin(jonas, requirement, "c.txt").json()["error"]


def test_who_begins_holds_the_rooms_turn_so_that_two_at_once_count_each_other(acme, jonas, requirement):
    assert begin(jonas, requirement).status_code == 201
    assert is_held(acme, "uploads")


def test_so_many_parts_are_taken_in_an_hour(jonas, requirement, settings):
    settings.UPLOAD_PARTS_PER_HOUR = 0
    begun = begin(jonas, requirement).json()
    assert send(jonas, begun["id"], 1, TEXT[:SMALL]).status_code == 429


def test_what_nobody_hands_in_is_swept_with_its_parts(acme, jonas, requirement, django_capture_on_commit_callbacks):
    told = whole(jonas, requirement)
    with scope(acme):
        Upload.objects.update(expires_at=now() - timedelta(minutes=1))
        part = UploadPart.objects.first()
        path = f"{acme.pk}/uploads/{told['id']}/{part.number:05d}-{part.sha256}"
        with django_capture_on_commit_callbacks(execute=True):
            assert sweep_uploads(actor=SYSTEM) == 1
        assert not Upload.objects.exists()
    assert not default_storage.exists(path)


def test_what_is_taken_away_is_gone_and_what_was_handed_in_stays(acme, jonas, requirement):
    told = whole(jonas, requirement)
    hand_in(jonas, requirement, told["id"])
    jonas.client.post(reverse("uploads:drop", args=["acme", told["id"]]))
    with scope(acme):
        assert Upload.objects.get().version_id == Version.objects.get().pk
    other = whole(jonas, requirement, TEXT + b"x", "x.txt")
    jonas.client.post(reverse("uploads:drop", args=["acme", other["id"]]))
    with scope(acme):
        assert Upload.objects.count() == 1


def test_a_part_that_was_changed_in_the_store_is_not_handed_in(acme, jonas, requirement):
    told = whole(jonas, requirement)
    with scope(acme):
        part = UploadPart.objects.first()
    path = f"{acme.pk}/uploads/{told['id']}/{part.number:05d}-{part.sha256}"
    default_storage.delete(path)
    default_storage.save(path, io.BytesIO(b"y" * SMALL))
    answer = hand_in(jonas, requirement, told["id"])
    assert answer.status_code == 422
    with scope(acme):
        assert not Version.objects.exists()


def test_joined_parts_read_like_one_file():
    content = bytes(range(256)) * 40
    paths = [
        (default_storage.save(f"joined/{at}", io.BytesIO(content[at : at + 1000])), len(content[at : at + 1000]))
        for at in range(0, len(content), 1000)
    ]
    with opened(paths) as file:
        assert file.read() == content
        for at in (0, 999, 1000, 5500, len(content) - 1, len(content), len(content) + 5):
            file.seek(at)
            assert file.read(1500) == content[at : at + 1500]
        file.seek(-10, io.SEEK_END)
        assert file.read() == content[-10:]
    assert b"".join(Whole(tuple(paths), "", len(content))) == content
    assert Joined([]).read() == b""


def test_a_part_whose_request_was_undone_is_swept_and_one_that_is_known_stays(acme, jonas, requirement):
    begun = begin(jonas, requirement).json()
    send(jonas, begun["id"], 1, TEXT[:SMALL])
    with scope(acme):
        upload = Upload.objects.get(pk=begun["id"])
        second = TEXT[SMALL : 2 * SMALL]
        with pytest.raises(RuntimeError), transaction.atomic():
            take_part(
                actor=jonas.actor, upload=upload, number=2, content=io.BytesIO(second), sha256=hashlib.sha256(second).hexdigest()
            )
            raise RuntimeError
        known, stray = (part_path(upload.pk, at, hashlib.sha256(each).hexdigest()) for at, each in ((1, TEXT[:SMALL]), (2, second)))
        assert sweep_strays() == 0  # its request may still be under way
        with time_machine.travel(now() + timedelta(hours=3), tick=False):
            assert sweep_strays() == 1
            assert (default_storage.exists(known), default_storage.exists(stray)) == (True, False)
            upload.parts.all().delete()
            assert (sweep_strays(), sweep_strays()) == (1, 0)  # and then its folder
            known_folder = default_storage.path(known).rpartition("/")[0]
            assert not Path(known_folder).exists()
