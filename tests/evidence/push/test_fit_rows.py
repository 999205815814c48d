"""Rows against the schema of their kind: what is valid by the schema is taken, what is not is refused with its path."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from evidence.collectors.base import FactKind
from evidence.collectors.push.fitting import FORMATS, MOST_FAULTS, UnfitError, faults_of, fitting
from evidence.collectors.push.kinds import KINDS
from evidence.collectors.push.streams import LONGEST_ROW, RowError, sent_rows
from evidence.collectors.shapes import Term

kinds = st.sampled_from(KINDS)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
MOMENTS = st.datetimes(
    timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(2199, 12, 30)
).map(lambda at: at.isoformat())  # fmt: skip
DAYS = st.dates(min_value=date(1970, 1, 1), max_value=date(2199, 12, 31)).map(str)


def values(term: Term) -> st.SearchStrategy[Any]:
    known = {
        "text": TEXTS, "flag": st.booleans(), "number": st.integers(-(2**53), 2**53), "moment": MOMENTS, "day": DAYS,
        "choice": st.sampled_from(term.choices or ("-",)), "words": st.lists(TEXTS, max_size=5),
    }[term.type]  # fmt: skip
    return known if term.needed else st.none() | known


@st.composite
def rows(draw: Any) -> tuple[FactKind, dict[str, Any]]:
    kind = draw(kinds)
    row = {term.name: draw(values(term)) for term in kind.shape.terms if term.needed or draw(st.booleans())}
    return kind, row


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3), max_leaves=6,
)  # fmt: skip


def validator(kind: FactKind) -> Draft202012Validator:
    return Draft202012Validator(kind.schema, format_checker=FORMATS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_each_schema_is_one_and_its_example_fits(kind: FactKind) -> None:
    Draft202012Validator.check_schema(kind.schema)
    assert kind.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert validator(kind).is_valid(kind.shape.example)
    assert set(kind.shape.identified_by) <= {term.name for term in kind.shape.terms}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(rows())
def test_what_is_valid_by_the_schema_is_taken_as_it_was_sent(given_row: tuple[FactKind, dict[str, Any]]) -> None:
    kind, row = given_row
    assert validator(kind).is_valid(row)
    sent = json.dumps([row]).encode()
    assert list(fitting(kind, sent_rows(io.BytesIO(sent)))) == [row]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(rows(), st.data())
def test_what_the_schema_refuses_is_refused_with_its_path(given_row: tuple[FactKind, dict[str, Any]], data: Any) -> None:
    kind, row = given_row
    name = data.draw(st.sampled_from([term.name for term in kind.shape.terms]) | st.text(min_size=1, max_size=8))
    row[name] = data.draw(ANYTHING)
    valid = validator(kind).is_valid(row)
    whole = "\\ud" not in json.dumps(row[name]) or _is_whole(row[name])
    faults = faults_of(kind, 7, row)
    if valid and whole:
        assert faults == []
    else:
        assert faults
        pointer = "/" + name.replace("~", "~0").replace("/", "~1").encode("utf-8", "replace").decode()
        assert all(fault.index == 7 and fault.path.startswith(pointer[:100]) for fault in faults)


def _is_whole(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@given(rows(), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_needed_and_missing_is_named(given_row: tuple[FactKind, dict[str, Any]], data: Any) -> None:
    kind, row = given_row
    name = data.draw(st.sampled_from([term.name for term in kind.shape.terms if term.needed]))
    del row[name]
    assert [(fault.path, fault.message) for fault in faults_of(kind, 0, row)] == [(f"/{name}", "It is missing.")]


def lines(*texts: str) -> io.BytesIO:
    return io.BytesIO("\n".join(texts).encode())


@given(st.lists(rows().map(lambda given_row: given_row[1]), max_size=6), st.booleans(), st.integers(1, 40))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_stream_gives_back_what_was_written_however_it_is_cut(written: list[dict[str, Any]], in_lines: bool, cut: int) -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(cut)

    told = [json.dumps(row, ensure_ascii=False) for row in written]
    sent = "\n".join(told) if in_lines else f"[{', '.join(told)}]"
    assert [row for _, row in sent_rows(Trickle(sent.encode()))] == written


@pytest.mark.parametrize(
    ("sent", "index", "words"),
    [
        (b'[{"a": 1}', 1, "breaks off"), (b'[{"a": 1} {"b": 2}]', 1, "breaks off"), (b'[{"a": 1}] x', 1, "follows"),
        (b'[{"a": 1}, 7]', 1, "not a JSON object"), (b'{"a": 1}\n{"b": NaN}', 1, "no JSON"), (b'{"a": \xff}', 0, "UTF-8"),
        (b'{"a": 1', 0, "no JSON"), (b"[" * 60_000, 0, "not a JSON object"), (b'{"a":' * 60_000, 0, "nested"),
        (b'{"a": "' + b"x" * (LONGEST_ROW + 10) + b'"}', 0, "longer than"), (b"login,active\nada,yes\n", 0, "not a JSON object"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_rows_is_refused_where_it_ends(sent: bytes, index: int, words: str) -> None:
    with pytest.raises(RowError) as refused:
        list(sent_rows(io.BytesIO(sent)))
    assert refused.value.index == index
    assert words in refused.value.message


def test_rows_without_end_are_ended() -> None:
    class Endless:
        def read(self, size: int = -1, /) -> bytes:
            return b'{"login":"a","active":true}\n' * 2000

    with pytest.raises(RowError, match="rows were sent|MB were sent"):
        for _ in sent_rows(Endless()):
            pass


def test_a_row_that_is_there_twice_names_the_first() -> None:
    kind = KINDS[0]
    twice = lines('{"login": "a", "active": true}', '{"login": "b", "active": true}', '{"login": "a", "active": false}')
    with pytest.raises(UnfitError) as refused:
        list(fitting(kind, sent_rows(twice)))
    assert [(fault.index, fault.message[:20]) for fault in refused.value.faults] == [(2, "It repeats row 0: lo")]


def test_faults_are_told_up_to_a_number() -> None:
    with pytest.raises(UnfitError) as refused:
        list(fitting(KINDS[0], sent_rows(lines(*['{"login": 1}'] * 500))))
    assert len(refused.value.faults) == MOST_FAULTS
