"""Canonical JSON: the same bytes from everybody (RFC 8785, restricted)."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.log.canonical import NotCanonicalError, canonical

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text
values = st.recursive(scalars, lambda held: st.lists(held) | st.dictionaries(text, held), max_leaves=20)


@given(values)
def test_what_is_written_reads_back_and_is_written_the_same_again(value):
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


def test_keys_stand_in_the_order_of_their_utf16_units():
    keys = ["€", "\r", "\ufb33", "1", "😀", "\x80", "ö"]  # RFC 8785, section 3.2.3
    order = list(json.loads(canonical(dict.fromkeys(keys, 0))))
    assert order == ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]


def test_strings_are_escaped_as_little_as_json_allows():
    assert canonical('€$\x0f\nA\'B"\\\\"/\u2028\x7f') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u2028\x7f"'.encode()


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.1, b'"0.1"'), (1.0, b'"1.0"'), (-0.0, b'"0.0"'), (1e22, b'"10000000000000000000000"'), (1e-7, b'"0.0000001"'),
        (2**53, b'"9007199254740992"'), (2**53 - 1, b"9007199254740991"), (Decimal("1.50"), b'"1.50"'), (True, b"true"),
    ],
)  # fmt: skip
def test_a_number_that_some_reader_would_round_becomes_its_digits(number, written):
    assert canonical(number) == written


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), b"bytes", {1: 2}, "\ud800", {"\udc00": 1}, object()])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotCanonicalError):
        canonical(value)


def test_nesting_without_end_is_refused():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonicalError):
        canonical(deep)
