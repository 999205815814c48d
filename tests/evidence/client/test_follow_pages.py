"""A list is followed to its end, on the vendor's own host, and no further."""

from __future__ import annotations

import json
import re

import pytest

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError
from tests.loopback import serve
from tests.specs import RECORDED, needs_specs


def _next(url: str) -> str:
    return f'<{url}>; rel="next", <https://elsewhere.example/>; rel="help"'


def test_it_follows_next_and_stops_where_there_is_none(vendor, client) -> None:
    vendor.say(body=[{"id": 1}], Link=_next("HOST/numbered?page=2&size=1")).say(body=[{"id": 2}])
    pages = list(client().pages("/things", {"size": 1}))
    assert [page.body for page in pages] == [[{"id": 1}], [{"id": 2}]]
    assert [path for _, path, _ in vendor.seen] == ["/things?size=1", "/numbered?page=2&size=1"]
    assert [page.call for page in pages] == ["GET /things", "GET /things"]
    assert pages[1].parameters == {"size": "1", "page": "2"}


def test_it_follows_a_relative_next(vendor, client) -> None:
    vendor.say(body=[{}], Link=_next("?after=abc")).say(body=[{}])
    list(client().pages("/things"))
    assert vendor.seen[1][1] == "/things?after=abc"


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/things?page=2", "http://localhost:1/things", "//elsewhere.example/things",
        "HOST@elsewhere.example/", "ftp://elsewhere.example/", "https:///things",
    ],
)  # fmt: skip
def test_it_never_leaves_the_host(vendor, client, link) -> None:
    vendor.say(body=[{"id": 1}], Link=_next(link))
    pages = client().pages("/things")
    assert next(pages).body == [{"id": 1}]
    with pytest.raises(CollectionError, match="next page points to another host") as caught:
        next(pages)
    assert caught.value.reason is Reason.MALFORMED
    assert len(vendor.seen) == 1


def test_a_list_that_runs_in_a_circle_is_left(vendor, client) -> None:
    vendor.say(body=[{}], Link=_next("HOST/things?page=2"))
    with pytest.raises(CollectionError, match="in a circle") as caught:
        list(client().pages("/things"))
    assert caught.value.reason is Reason.MALFORMED
    assert len(vendor.seen) == 2


def test_a_list_without_an_end_is_cut_at_the_cap(vendor, client) -> None:
    for number in range(2, 12):
        vendor.say(body=[{}], Link=_next(f"HOST/things?page={number}"))
    with pytest.raises(CollectionError, match="more than 4 pages"):
        list(client(page_cap=4).pages("/things"))
    assert len(vendor.seen) == 4


@pytest.mark.parametrize("body", [None, {}, {"rows": None}, "text", [None], [[1]], 7])
def test_what_is_not_a_list_of_objects_is_malformed(vendor, client, body) -> None:
    vendor.say(body=body)
    with pytest.raises(CollectionError) as caught:
        list(client().pages("/things", rows="rows"))
    assert caught.value.reason is Reason.MALFORMED


def test_a_list_inside_an_object_is_found_by_its_name(vendor, client, heard) -> None:
    vendor.say(body={"total": 2, "rows": [{}, {}]})
    assert len(list(client().pages("/things", rows="rows"))) == 1
    assert heard.calls[0].rows == 2


@needs_specs
@pytest.mark.specs
def test_githubs_recorded_chain_is_followed_to_its_end(client, vendor) -> None:
    """Five real pages, whose links change the path from names to numbers. Only the host is put in ours."""
    text = (RECORDED / "github-octokit" / "paginate-issues" / "normalized-fixture.json").read_text(encoding="utf-8")
    answers = {entry["path"]: entry for entry in json.loads(text)}
    asked = []

    def replay(environ, start_response):
        path = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        asked.append(path)
        entry, host = answers[path], f"http://{environ['HTTP_HOST']}"
        raw = entry.get("headers") or dict(zip(entry["rawHeaders"][::2], entry["rawHeaders"][1::2], strict=True))
        named = {name.lower(): value for name, value in raw.items()}
        link = re.sub(r"https://api\.github\.com(:443)?", host, named.get("link", ""))
        start_response("200 OK", [("Link", link)])
        return [json.dumps(entry["response"]).encode()]

    with serve(replay) as address:
        vendor.address = address  # the connection's own address, which the fixture's client takes as its endpoint
        pages = list(client().pages("/repos/octokit-fixture-org/paginate-issues/issues", {"per_page": 3}))
    assert len(pages) == 5
    assert asked == list(answers)
    assert [len(page.body) for page in pages] == [3, 3, 3, 3, 1]
