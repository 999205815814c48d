"""A file is brought in two steps: what it would do is seen first, and it is then loaded whole or not at all."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from compliance.frameworks.models import Framework, FrameworkImport, Requirement
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.frameworks.test_load_library import TREE, library, node

BAD = b"ref,parent,title,assessable\n1,,Access,no\n1.1,9,Accounts,perhaps\n,1,Nameless,yes\n"


def bring(person, content, name="rules.yaml"):
    answer = person.client.post("/o/acme/frameworks/bring/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return answer["Location"]


def test_the_first_step_loads_nothing_and_shows_what_would_come(acme, mei):
    url = bring(mei, library(TREE))
    page = mei.client.get(url).content.decode()
    assert "3, 2 of them assessed" in page
    assert "Each account belongs to one person." in page
    with scope(acme):
        assert not Framework.objects.filter(key="acme-rules").exists()


def test_the_second_step_loads_all_of_it_and_lets_go_of_the_file(acme, mei):
    url = bring(mei, library(TREE))
    assert mei.client.post(f"{url}load/").status_code == 302
    with scope(acme):
        assert Requirement.objects.filter(framework__key="acme-rules").count() == 3
        draft = FrameworkImport.objects.get()
        assert (draft.state, bytes(draft.content), draft.report["status"]) == ("loaded", b"", "loaded")
        actions = set(Entry.objects.values_list("action", flat=True))
    assert {"frameworks.file.brought", "frameworks.file.loaded", "frameworks.framework.imported"} <= actions


def test_every_wrong_row_is_named_and_nothing_of_the_file_is_loaded(acme, mei):
    url = bring(mei, BAD, "register.csv")
    page = mei.client.get(url).content.decode()
    for said in (
        "line 3",
        "its parent “9” is not in the file",
        "neither yes nor no",
        "line 4",
        "there is no reference",
    ):
        assert said in page
    assert "Load all of it" not in page
    mei.client.post(f"{url}load/")
    with scope(acme):
        assert not Framework.objects.filter(key="register").exists()
        assert FrameworkImport.objects.get().state == "draft"


def test_columns_are_mapped_on_the_page(acme, mei):
    url = bring(mei, b"Nr;Was\n1;Zugang\n", "plan.csv")
    assert "say which columns" in mei.client.get(url).content.decode()
    assert mei.client.post(url, {"column_ref": "Nr", "column_text": "Was", "version": "7"}).status_code == 302
    mei.client.post(f"{url}load/")
    with scope(acme):
        framework = Framework.objects.get(key="plan")
        assert (framework.version, framework.requirements.get().text) == ("7", "Zugang")


def test_a_new_version_shows_what_it_would_change_before_it_is_loaded(acme, mei):
    mei.client.post(f"{bring(mei, library(TREE))}load/")
    page = mei.client.get(bring(mei, library([*TREE[:2], node("1.3", "1")], version="2"))).content.decode()
    assert "Takes the place of" in page
    assert page.index("Added") < page.index("1.3") < page.index("Withdrawn") < page.index("Reworded")


def test_a_discarded_file_is_gone(acme, mei):
    url = bring(mei, library(TREE))
    mei.client.post(f"{url}discard/")
    with scope(acme):
        assert bytes(FrameworkImport.objects.get().content) == b""
    mei.client.post(f"{url}load/")
    with scope(acme):
        assert not Framework.objects.filter(key="acme-rules").exists()


def test_a_control_owner_cannot_bring_a_file(acme, jonas):
    assert jonas.client.get("/o/acme/frameworks/bring/").status_code == 403


def run(tmp_path, content, name="rules.yaml", **options):
    file, out = tmp_path / name, io.StringIO()
    file.write_bytes(content)
    status = 0
    try:
        call_command("import_framework", str(file), organization="acme", stdout=out, **options)
    except SystemExit as ended:
        status = ended.code
    return status, json.loads(out.getvalue())


def test_the_command_prints_what_came_of_it(acme, tmp_path):
    status, report = run(tmp_path, library(TREE))
    assert (status, report["status"], report["frameworks"][0]["assessable"]) == (0, "loaded", 2)
    assert run(tmp_path, library(TREE))[1]["status"] == "unchanged"


def test_the_command_prints_why_not_and_ends_with_one(acme, tmp_path):
    status, report = run(tmp_path, BAD, "register.csv")
    assert (status, report["status"]) == (1, "refused")
    assert {"where": "line 4", "what": "there is no reference."} in report["faults"]


def test_a_dry_run_loads_nothing(acme, tmp_path):
    assert run(tmp_path, library(TREE), dry_run=True)[1]["status"] == "readable"
    with scope(acme):
        assert not Framework.objects.filter(key="acme-rules").exists()


def test_a_framework_goes_out_as_a_list_and_comes_back_the_same(acme, mei):
    with scope(acme):
        iso = Framework.objects.get(key="iso27001-2022")
        expected = list(
            iso.requirements.values_list(
                "ref", "parent__ref", "assessable", "level", "title", "text", "category", "theme"
            )
        )
    answer = mei.client.get(f"/o/acme/frameworks/{iso.pk}/csv/")
    content = b"".join(answer.streaming_content)
    mei.client.post(f"{bring(mei, content, 'back.csv')}load/")
    with scope(acme):
        back = Framework.objects.get(key="back").requirements
        assert (
            list(back.values_list("ref", "parent__ref", "assessable", "level", "title", "text", "category", "theme"))
            == expected
        )


def test_words_that_a_spreadsheet_would_run_go_out_and_come_back(acme, mei):
    titles = ["=1+1", "'=1+1", "''twice", "'s-Hertogenbosch"]
    written = ["'=1+1", "''=1+1", "'''twice", "'s-Hertogenbosch"]
    content = "ref,title,text\n" + "".join(f"A.{number},{cell},It holds.\n" for number, cell in enumerate(written))
    mei.client.post(f"{bring(mei, content.encode(), 'out.csv')}load/")
    with scope(acme):
        out = Framework.objects.get(key="out")
        assert list(out.requirements.values_list("title", flat=True)) == titles
    content = b"".join(mei.client.get(f"/o/acme/frameworks/{out.pk}/csv/").streaming_content)
    mei.client.post(f"{bring(mei, content, 'back.csv')}load/")
    with scope(acme):
        assert list(Framework.objects.get(key="back").requirements.values_list("title", flat=True)) == titles


@pytest.mark.parametrize("name", ["x.yaml", "x.json", "x.csv", "x.xlsx"])
def test_rubbish_is_refused_calmly_whatever_it_is_called(acme, mei, name):
    page = mei.client.get(bring(mei, b"\x00\x01rubbish", name))
    assert page.status_code == 200
    assert "It cannot be loaded" in page.content.decode()
