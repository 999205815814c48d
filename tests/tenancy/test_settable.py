"""A service takes the fields that it knows; another name is the calling code's mistake."""

from __future__ import annotations

import pytest

from compliance.tenancy.settable import settable, trimmed


def test_fields_that_are_known_pass_as_they_came() -> None:
    given = {"name": " Ada ", "due": None}
    assert settable(given, ("due", "name", "owner"), "a field of a demand") == given


def test_every_other_name_is_told() -> None:
    with pytest.raises(TypeError, match="not a field of a demand: id, organization"):
        settable({"organization": 1, "name": "Ada", "id": 2}, ("name",), "a field of a demand")


def test_only_texts_are_trimmed() -> None:
    assert trimmed({"name": " Ada ", "months": 3, "of": [" kept "]}) == {"name": "Ada", "months": 3, "of": [" kept "]}
