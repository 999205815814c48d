"""Pages are kept as they come in, and the bytes that are stored and hashed do not depend on how they were gathered."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.collectors import pages as pages_module
from evidence.collectors.base import FactKind, Page
from evidence.collectors.pages import _Text
from evidence.collectors.spool import Spool, packed, page_of

KIND = FactKind("aws.iam.users", "Users", lambda session, context: iter(()), lambda pages: [], (), version=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8,
)
PAGES = st.lists(st.builds(Page, st.text(), st.dictionaries(st.text(), JSON, max_size=2), JSON), max_size=5)


def _in_one_piece(pages: list[Page]) -> bytes:
    """What the stored form has been from the first day: one document, written and pressed at once."""
    document = {
        "fact_kind": KIND.id, "collector_version": KIND.version,
        "pages": [{"call": page.call, "parameters": dict(page.parameters), "body": page.body} for page in pages],
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def _spooled(spool: Spool, pages: list[Page]) -> Spool:
    for page in pages:
        spool.append(page)
    return spool


@settings(max_examples=60, deadline=None)
@given(PAGES)
def test_the_stored_bytes_are_those_of_one_piece(pages: list[Page]) -> None:
    with Spool() as spool:
        assert b"".join(packed(KIND, _spooled(spool, pages))) == _in_one_piece(pages)


@pytest.mark.parametrize("size", [10, 40_000, 700_000])
def test_so_they_are_for_large_ones_too(size: int) -> None:
    pages = [Page("GET /x", {"n": number}, [f"{number * 7919 % 104729}-{k}" for k in range(size // 10)]) for number in range(5)]
    with Spool() as spool:
        assert b"".join(packed(KIND, _spooled(spool, pages))) == _in_one_piece(pages)


def test_a_page_reads_back_as_it_will_once_stored() -> None:
    with Spool() as spool:
        spool.append(Page("GET /a", {"at": datetime(2026, 1, 1, tzinfo=UTC)}, {"é": 1}))
        assert spool[0] == Page("GET /a", {"at": "2026-01-01 00:00:00+00:00"}, {"é": 1})
        spool.append(Page("GET /b", {}, None))
        assert [page.call for page in spool] == ["GET /a", "GET /b"]
        assert (spool[-1].call, len(spool), [page.call for page in spool[:1]]) == ("GET /b", 2, ["GET /a"])
        with pytest.raises(IndexError):
            spool[2]


def test_memory_does_not_grow_with_the_pages() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        with Spool() as spool:
            for number in range(count):
                spool.append(Page("GET /x", {"n": number}, _body(number)))
            for _ in packed(KIND, spool):
                pass
            _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(5)
    assert peak(400) < 1.5 * peak(60)


def _body(number: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": "x" * 200} for _ in range(200)]


@settings(max_examples=60, deadline=None)
@given(PAGES, st.integers(1, 40))
def test_pages_come_back_one_by_one_as_they_do_all_at_once(pages: list[Page], chunk: int) -> None:
    with Spool() as spool:
        stored = gzip.decompress(b"".join(packed(KIND, _spooled(spool, pages))))
        wanted = list(spool)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pages_module, "_CHUNK", chunk)
        text = _Text(io.BytesIO(stored))
        text.enter_list("pages")
        found = []
        while not text.begins_with("]"):
            found.append(page_of(text.value()))
    assert found == wanted


def test_a_file_that_breaks_off_is_no_shorter_list() -> None:
    with Spool() as spool:
        stored = gzip.decompress(b"".join(packed(KIND, _spooled(spool, [Page("GET /a", {}, [1, 2, 3])]))))
    text = _Text(io.BytesIO(stored[:-12]))
    text.enter_list("pages")
    with pytest.raises(ValueError, match="break off"):
        text.value()
