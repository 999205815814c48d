"""Any file is loaded, or says exactly why not: a place in it and a reason. Every file here is in our own words."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest
import yaml

from compliance.frameworks.intake import safe
from compliance.frameworks.intake.library import Options
from compliance.frameworks.intake.read import read
from tests.frameworks.test_load_library import TREE, library, node

CSV = "ref,parent,title,text,assessable\n1,,Access,Access,no\n1.1,1,Accounts,One each.,yes\n"


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def oscal(**body):
    head = {"title": "Own", "version": "1", "oscal-version": "1.1.2", "last-modified": "2024-01-01T00:00:00Z"}
    return json.dumps({"catalog": {"uuid": "x", "metadata": head} | body}).encode()


def raw(nodes, ref="x", **objects):
    text = {
        "urn": "u",
        "name": "N",
        "version": 1,
        "objects": {"framework": {"urn": "f", "ref_id": ref, "requirement_nodes": nodes}} | objects,
    }
    return yaml.safe_dump(text).encode()


MAPPING = {"urn": "m", "source_framework_urn": "a", "target_framework_urn": "b", "requirement_mappings": []}
BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n".encode() for n in range(9)
)

#: name, file name, content, what is said (in a fault, as `where: what`)
REFUSED = [
    ("empty", "x.yaml", b"", "The file is empty"),
    ("blank", "x.yaml", b" \n\n", "The file is empty"),
    ("not a framework", "x.yaml", b"hello: there\n", "Neither “objects” nor a root of OSCAL"),
    ("a plain sentence", "x.txt", b"Just words.", "Neither “objects”"),
    ("a picture", "x.png", b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "line 1: The file is not UTF-8"),
    ("latin letters", "x.yaml", b"objects:\n  a: caf\xe9\n", "line 2: The file is not UTF-8"),
    ("broken YAML", "x.yaml", b"objects:\n  - a\n b: [\n", "line "),
    ("broken JSON", "x.json", b'{"catalog": {"uuid": }}', "line 1: Not JSON"),
    (
        "XML",
        "x.xml",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><catalog>&e;</catalog>",
        "XML or HTML",
    ),
    ("a bomb of aliases", "x.yaml", BOMB, "aliases unfold to more values"),
    ("an alias of itself", "x.yaml", b"a: &a\n  b: *a\n", "alias refers to itself"),
    ("deep YAML", "x.yaml", b"a: " + b"[" * 500 + b"]" * 500, "Nested deeper than 60"),
    ("very deep YAML", "x.yaml", b"[" * 100_000, "Nested deeper than 60"),
    ("deep JSON", "x.json", b'{"catalog":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "Nested deeper than 60"),
    (
        "a tag that would run code",
        "x.yaml",
        b"objects: !!python/object/apply:os.system ['true']\n",
        "could not determine a constructor",
    ),
    ("too large", "x.yaml", b"#" * (safe.MOST_BYTES + 1), "larger than 12 MB"),
    (
        "only a risk matrix",
        "x.yaml",
        b"objects:\n  risk_matrix:\n    - {urn: r}\n",
        "holds a risk matrix, and no framework",
    ),
    ("objects is a list", "x.yaml", b"objects: [1, 2]\n", "objects: it is not a mapping"),
    ("no nodes", "x.yaml", raw([]), "f: requirement_nodes is empty"),
    (
        "nodes as a mapping",
        "x.yaml",
        raw({"a": {"urn": "x"}}),
        "f: requirement_nodes is a mapping; a list of nodes is expected",
    ),
    ("a node that is a word", "x.yaml", raw([TREE[0], "word"]), "requirement_nodes[2]: it is not a mapping"),
    (
        "a node without a name",
        "x.yaml",
        raw([{"assessable": True, "urn": ""}]),
        "requirement_nodes[1]: it has neither urn nor ref_id",
    ),
    ("the same urn twice", "x.yaml", raw([TREE[0], TREE[1], TREE[1]]), "is listed before, at requirement_nodes[2]"),
    (
        "a parent that is not there",
        "x.yaml",
        raw([TREE[1]]),
        "its parent “urn:acme:risk:req_node:acme-rules:1” is not in the file",
    ),
    ("its own ancestor", "x.yaml", raw([node("1", "2"), node("2", "1")]), "it is its own ancestor"),
    (
        "assessable is a word",
        "x.yaml",
        raw([TREE[0] | {"assessable": "perhaps"}]),
        "assessable is 'perhaps', neither true nor false",
    ),
    (
        "a mapping without an end",
        "x.yaml",
        yaml.safe_dump({"objects": {"requirement_mapping_set": MAPPING | {"source_framework_urn": ""}}}).encode(),
        "m: source_framework_urn or target_framework_urn is not there",
    ),
    (
        "an unknown relationship",
        "x.yaml",
        yaml.safe_dump(
            {
                "objects": {
                    "requirement_mapping_sets": [
                        MAPPING
                        | {
                            "requirement_mappings": [
                                {"source_requirement_urn": "a", "target_requirement_urn": "b", "relationship": "cousin"}
                            ]
                        }
                    ]
                }
            }
        ).encode(),
        "m [1]: the relationship 'cousin'",
    ),
    ("OSCAL without a title", "x.json", b'{"catalog": {"uuid": "x", "metadata": {}}}', "metadata: there is no title"),
    ("OSCAL without content", "x.json", oscal(), "catalog: it has neither groups nor controls"),
    (
        "OSCAL control without an id",
        "x.json",
        oscal(controls=[{"title": "Nameless"}]),
        "controls[1]: the control “Nameless” has no id",
    ),
    (
        "OSCAL id twice",
        "x.json",
        oscal(controls=[{"id": "a", "title": "A"}, {"id": "a", "title": "B"}]),
        "“a” is listed before",
    ),
    ("an OSCAL plan", "x.json", b'{"system-security-plan": {"metadata": {"title": "Plan"}}}', "holds no requirements"),
    (
        "a profile of nothing",
        "x.json",
        b'{"profile": {"metadata": {"title": "P"}, "imports": []}}',
        "imports no catalogue",
    ),
    ("a list without heads that are known", "x.csv", b"foo,bar\n1,2\n", "line 1: say which columns hold the reference"),
    ("a list with a head alone", "x.csv", b"ref,title\n", "line 2: there is no row below the head"),
    ("a row without a reference", "x.csv", b"ref,title\n1,A\n,B\n", "line 3: there is no reference"),
    ("a row without words", "x.csv", b"ref,title\n1,\n", "line 2: 1 has neither title nor text"),
    ("a row below nothing", "x.csv", b"ref,parent,title\n1,9,A\n", "line 2: its parent “9” is not in the file"),
    ("a reference twice", "x.csv", b"ref,title\n1,A\n1,B\n", "line 3: “1” is listed before, at line 2"),
    (
        "neither yes nor no",
        "x.csv",
        b"ref,title,assessable\n1,A,perhaps\n",
        "line 2: 1: “perhaps” is neither yes nor no",
    ),
    ("an unclosed quote", "x.csv", b'ref,title\n1,"A\n', "cannot be read as CSV"),
    ("an archive that is no workbook", "x.xlsx", archive(readme="hello"), "The archive is no workbook"),
    ("a broken archive", "x.xlsx", b"PK\x03\x04 broken", "The archive is broken"),
    (
        "a workbook with entities",
        "x.xlsx",
        archive(**{"xl__workbook.xml": "<!DOCTYPE x [<!ENTITY e 'x'>]><workbook/>"}),
        "defines XML entities",
    ),
    (
        "a workbook that unpacks to too much",
        "x.xlsx",
        archive(**{"xl__workbook.xml": "<workbook/>", "xl__big.xml": b"0" * 130_000_000}),
        "unpacks to more",
    ),
    ("an empty workbook", "x.xlsx", workbook(), "The list is empty"),
]


@pytest.mark.parametrize(("name", "content", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_it_says_where_and_why_it_cannot_be_loaded(name, content, said):
    library = read(content, name)
    assert said in " | ".join(str(fault) for fault in library.faults)


def one(content, name="x.yaml", options=None):
    found = read(content, name, options)
    assert found.faults == []
    return found.editions[0], found


def shape(edition):
    return [(entry.ref, entry.parent, entry.assessable) for entry in edition.entries]


#: name, file name, content, the rows that come of it
READ = [
    (
        "a node without ref_id is called by its urn",
        "x.yaml",
        raw([{"urn": "urn:a:b:Node-7", "assessable": True}]),
        [("Node-7", None, True)],
    ),
    (
        "a node without urn is called by its ref",
        "x.yaml",
        raw([{"ref_id": "A.1", "assessable": "true"}]),
        [("A.1", None, True)],
    ),
    (
        "the same ref_id under two urns is numbered",
        "x.yaml",
        raw([node("1"), node("2") | {"ref_id": "1"}]),
        [("1", None, True), ("1 (2)", None, True)],
    ),
    (
        "a row that does not say is assessed if nothing is below it",
        "x.yaml",
        raw([{"urn": "a"}, {"urn": "b", "parent_urn": "a"}]),
        [("a", None, False), ("b", "a", True)],
    ),
    (
        "assessable rows may have assessable rows below",
        "x.yaml",
        raw([node("1"), node("1.1", "1")]),
        [("1", None, True), ("1.1", "1", True)],
    ),
    (
        "depth is taken from the tree, whatever is stated",
        "x.yaml",
        raw([node("1", depth=7), node("2", "1", depth=1)]),
        [("1", None, True), ("2", "1", True)],
    ),
    (
        "a child before its parent",
        "x.yaml",
        raw([node("1.1", "1"), node("1")]),
        [("1", None, True), ("1.1", "1", True)],
    ),
    (
        "a number stays as it is written",
        "x.yaml",
        b"objects: {framework: {urn: f, ref_id: f, requirement_nodes: [{urn: a, ref_id: 4.10, assessable: yes}]}}",
        [("4.10", None, True)],
    ),
    (
        "a date stays as it is written",
        "x.yaml",
        b"objects: {framework: {urn: f, ref_id: f, requirement_nodes: [{urn: a, ref_id: 2024-01-01, assessable: on}]}}",
        [("2024-01-01", None, True)],
    ),
    (
        "parents are found whatever their letters' size",
        "x.yaml",
        raw([{"urn": "U:A", "ref_id": "A"}, {"urn": "U:B", "ref_id": "B", "parent_urn": "u:a"}]),
        [("A", None, False), ("B", "A", True)],
    ),
    ("UTF-8 with a mark", "x.yaml", b"\xef\xbb\xbf" + raw([node("1")]), [("1", None, True)]),
    ("UTF-16", "x.yaml", raw([node("1")]).decode().encode("utf-16"), [("1", None, True)]),
    ("Windows line ends", "x.yaml", raw([node("1")]).replace(b"\n", b"\r\n"), [("1", None, True)]),
    (
        "aliases that stay small",
        "x.yaml",
        b"g: &g [a]\nobjects:\n  framework:\n    ref_id: f\n    requirement_nodes:\n    - {ref_id: '1', implementation_groups: *g}\n",
        [("1", None, True)],
    ),
    (
        "a merge key",
        "x.yaml",
        b"b: &b {assessable: true}\nobjects:\n  framework:\n    ref_id: f\n    requirement_nodes:\n    - {<<: *b, ref_id: '1'}\n",
        [("1", None, True)],
    ),
    (
        "questions, translations and evidence are kept and not judged",
        "x.yaml",
        raw(
            [
                node(
                    "1",
                    questions={"q": {"type": "text"}},
                    translations={"fr": {"name": "Un"}},
                    typical_evidence="A list.",
                )
            ]
        ),
        [("1", None, True)],
    ),
    ("a library as JSON", "x.json", json.dumps(yaml.safe_load(raw([node("1")]))).encode(), [("1", None, True)]),
    (
        "a library in braces",
        "x.yaml",
        b"{objects: {framework: {ref_id: f, requirement_nodes: [{ref_id: '1'}]}}}",
        [("1", None, True)],
    ),
    (
        "the plural key",
        "x.yaml",
        yaml.safe_dump({"objects": {"frameworks": [{"ref_id": "f", "requirement_nodes": [node("1")]}]}}).encode(),
        [("1", None, True)],
    ),
    (
        "OSCAL as YAML",
        "x.yaml",
        yaml.safe_dump(json.loads(oscal(controls=[{"id": "a-1", "title": "A"}]))).encode(),
        [("a-1", None, True)],
    ),
    (
        "OSCAL group without an id",
        "x.json",
        oscal(groups=[{"title": "G", "controls": [{"id": "a", "title": "A"}]}]),
        [("/group-1", None, False), ("a", "/group-1", True)],
    ),
    (
        "OSCAL with one thing in place of a list",
        "x.json",
        oscal(controls={"id": "a", "title": "A", "parts": {"name": "statement", "prose": "P"}}),
        [("a", None, True)],
    ),
    ("a list with commas", "x.csv", CSV.encode(), [("1", None, False), ("1.1", "1", True)]),
    ("a list with semicolons", "x.csv", CSV.replace(",", ";").encode(), [("1", None, False), ("1.1", "1", True)]),
    (
        "a list without a column of parents",
        "x.csv",
        b"ref,title\n4,A\n4.1,B\n4.10,C\n",
        [("4", None, False), ("4.1", "4", True), ("4.10", "4", True)],
    ),
    ("a workbook", "x.xlsx", workbook(["Ref", "Title", "Text"], ["A.1", "One", "It holds."]), [("A.1", None, True)]),
    ("a workbook under another name", "x.bin", workbook(["id", "description"], [7, "It holds."]), [("7", None, True)]),
]


@pytest.mark.parametrize(("name", "content", "rows"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_it_is_read(name, content, rows):
    edition, _ = one(content, name)
    assert shape(edition) == rows


def test_a_person_may_say_which_column_holds_what():
    content = b"Nr;Was;Wo\n1;Zugang;oben\n"
    assert read(content, "x.csv").faults
    edition, _ = one(content, "x.csv", Options(columns={"ref": "Nr", "text": "Was", "category": "Wo"}))
    assert (edition.entries[0].text, edition.entries[0].category) == ("Zugang", "oben")


def test_a_long_title_is_kept_whole_in_the_text():
    edition, _ = one(raw([node("1", name="word " * 200, description="And more.")]))
    [entry] = edition.entries
    assert len(entry.title) <= 500
    assert entry.text.startswith(("word " * 200).strip())
    assert entry.text.endswith("And more.")


def test_a_key_that_stands_twice_is_told():
    _, found = one(b"objects:\n  framework:\n    ref_id: f\n    ref_id: g\n    requirement_nodes: [{ref_id: '1'}]\n")
    assert any("“ref_id” stands twice" in note for note in found.notes)


def test_what_a_library_holds_beside_frameworks_is_told():
    _, found = one(library(TREE, threats=[{"urn": "t"}]))
    assert "Passed over: threats." in found.notes


def test_no_other_file_is_opened_for_a_link(monkeypatch):
    """A profile's href and a back matter's link are names to look for, and nothing more."""
    import socket

    monkeypatch.setattr(socket, "socket", lambda *args, **kwargs: pytest.fail("a socket was opened"))
    imports = [
        {"href": "file:///etc/passwd", "include-all": {}},
        {"href": "https://example.org/c.json", "include-all": {}},
    ]
    content = json.dumps({"profile": {"uuid": "x", "metadata": {"title": "P"}, "imports": imports}}).encode()
    assert read(content, "p.json").profile is not None
