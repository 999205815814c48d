"""A people list comes in as CSV in two steps: looked through with every fault named, then taken over."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from compliance.registers import roster
from compliance.registers.models import Worker
from compliance.registers.services import record_workers
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry

GOOD = "id,name,email,team,start_date,end_date,github\nw1,Ana Sousa,ana@acme.example,Platform,2024-02-01,,asousa\n"


def look_through(person, content: bytes | str, slug: str = "acme"):
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
    return person.client.post(f"/o/{slug}/scope/workers/import/", {"file": file})


def take_over(person, text: str, slug: str = "acme"):
    return person.client.post(f"/o/{slug}/scope/workers/import/apply/", {"text": text})


def test_looking_through_writes_nothing(acme, mei):
    answer = look_through(mei, GOOD)
    assert answer.status_code == 200
    assert "1 worker can be read" in answer.content.decode()
    assert "Take over 1 worker" in answer.content.decode()
    with scope(acme):
        assert not Worker.objects.exists()


def test_what_was_looked_through_is_taken_over(acme, mei):
    text = look_through(mei, GOOD).context["text"]
    assert take_over(mei, text)["Location"] == "/o/acme/scope/workers/"
    with scope(acme):
        worker = Worker.objects.get()
    assert (worker.external_id, worker.name, worker.team) == ("w1", "Ana Sousa", "Platform")
    assert worker.accounts == {"github": "asousa"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,email\nAna,ana@acme.example\n", "There is no column id"),
        ("id,name,email\nw1,Ana,nowhere\n", "nowhere is no email address."),
        ("id,name,email\nw1,,ana@acme.example\n", "There is no name."),
        ("id,name,email,end_date\nw1,Ana,ana@acme.example,31/12/2026\n", "Write it as 2026-11-30."),
        ("id,name,email\nw1,Ana,ana@acme.example\nw1,Rui,rui@acme.example\n", "The id w1 is on line 2 already."),
        ("id,name,email,start,end\nw1,Ana,ana@acme.example,2026-05-01,2026-04-01\n", "last day is before the first"),
        ("id,id,name,email\nw1,w1,Ana,ana@acme.example\n", "The column id is there twice."),
        (f"id,name,email\nw1,{'A' * 201},ana@acme.example\n", "The name is longer than 200 characters."),
    ],
)
def test_what_is_wrong_is_named_and_nothing_can_be_taken_over(acme, mei, text, said):
    page = look_through(mei, text).content.decode()
    assert said in page
    assert "Take over" not in page
    assert take_over(mei, text).status_code == 422
    with scope(acme):
        assert not Worker.objects.exists()


def test_the_line_of_a_fault_is_the_line_in_the_file():
    read = roster.read("id,name,email\nw1,Ana,ana@acme.example\n\nw2,Rui,nowhere\n")
    assert read.faults == [(4, "nowhere is no email address.")]


def test_semicolons_tabs_and_other_names_of_columns_are_read():
    for mark in ";\t":
        head, line = ["Employee ID", "Full name", "Work email", "Shoe size"], ["w1", "Ana", "ana@acme.example", "38"]
        read = roster.read(f"{mark.join(head)}\n{mark.join(line)}")
        assert read.rows == [{"id": "w1", "name": "Ana", "email": "ana@acme.example"}]
        assert read.ignored == ["Shoe size"]


def test_a_file_that_is_not_utf_8_is_refused_with_what_to_do(mei):
    answer = look_through(mei, "id,name,email\nw1,José,jose@acme.example\n".encode("latin-1"))
    assert answer.status_code == 422
    assert "Save it from the spreadsheet as “CSV UTF-8”" in answer.content.decode()


def test_a_file_without_workers_says_so(mei):
    assert "The file holds no workers" in look_through(mei, "id,name,email\n").content.decode()
    assert look_through(mei, "").status_code == 422


def test_the_export_can_be_read_again(acme, mei):
    with scope(acme):
        record_workers(
            actor=mei.actor, source="HR",
            rows=[{"id": "=1+1", "name": "Ana, “A” Sousa", "email": "ana@acme.example", "end_date": "2026-01-31",
                   "accounts": {"okta": "00u1"}}],
        )  # fmt: skip
    text = mei.client.get("/o/acme/scope/workers/export/").content.decode()
    assert "'=1+1" in text
    read = roster.read(text)
    assert not read.faults
    assert (read.rows[0]["id"], read.rows[0]["name"]) == ("=1+1", "Ana, “A” Sousa")
    assert read.rows[0]["accounts"] == {"aws": None, "github": None, "okta": "00u1"}


@given(st.text(max_size=400))
def test_no_text_makes_it_fail_without_words(text):
    read = roster.read(text)
    assert all(set(row) >= set(roster.NEEDED) for row in read.rows)


LETTERS = st.characters(exclude_categories=("Cc", "Cs"))
NAMES = st.text(LETTERS, min_size=1, max_size=30).map(lambda name: name.strip() or "x")


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_whatever_a_name_is_it_comes_back_as_it_was(names):
    kept = [Worker(external_id=f"w{number}", name=name, email="a@acme.example") for number, name in enumerate(names)]
    assert [row["name"] for row in roster.read(roster.write(kept)).rows] == names


@pytest.mark.parametrize("who", ["jonas", "ada", "femi"])
def test_other_roles_read_the_list_and_may_not_import(acme, mei, who, request):
    person = request.getfixturevalue(who)
    assert person.client.get("/o/acme/scope/workers/").status_code == 200
    assert look_through(person, GOOD).status_code == 403
    assert take_over(person, GOOD).status_code == 403


def test_another_organisation_sees_nothing(acme, mei, stranger):
    take_over(mei, GOOD)
    assert stranger.client.get("/o/acme/scope/workers/").status_code == 404
    assert take_over(stranger, GOOD).status_code == 404
    assert b"Ana Sousa" not in stranger.client.get("/o/borealis/scope/workers/").content
    assert b"Ana Sousa" not in stranger.client.get("/o/borealis/scope/workers/export/").content


def test_it_leaves_a_trail(acme, mei):
    take_over(mei, GOOD)
    with scope(acme):
        entry = Entry.objects.get()
    assert (entry.action, entry.actor_id) == ("registers.workers.recorded", mei.user.pk)
    assert entry.after["added"] == 1


def test_the_list_is_narrowed(acme, mei):
    take_over(mei, GOOD + "w2,Rui Pinto,rui@acme.example,Sales,2020-01-01,2021-01-01,\n")
    left = mei.client.get("/o/acme/scope/workers/?only=left").content.decode()
    assert "Rui Pinto" in left
    assert "Ana Sousa" not in left
    assert "Nobody matches these filters" in mei.client.get("/o/acme/scope/workers/?q=zzz").content.decode()
