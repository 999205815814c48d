"""What one holds already need not be sent; what somebody else changed is not overwritten."""

from __future__ import annotations

import pytest

from compliance.web.etags import etag_of
from tests.api.test_read_and_write import NEW, problem


@pytest.fixture()
def system(caller) -> dict:
    return caller.post("systems/", NEW).json()


def test_what_is_held_already_is_not_sent(caller, system):
    tag = caller.get(f"systems/{system['id']}/")["ETag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = caller.get(f"systems/{system['id']}/", If_None_Match=given)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert caller.get(f"systems/{system['id']}/", If_None_Match='"other"').status_code == 200


def test_a_change_gives_another_tag(caller, system):
    before = caller.get(f"systems/{system['id']}/")["ETag"]
    changed = caller.patch(f"systems/{system['id']}/", {"name": "Renamed"})
    assert changed["ETag"] != before
    assert caller.get(f"systems/{system['id']}/")["ETag"] == changed["ETag"]


def test_a_change_of_what_was_read_goes_through(caller, system):
    tag = caller.get(f"systems/{system['id']}/")["ETag"]
    assert caller.patch(f"systems/{system['id']}/", {"name": "Renamed"}, If_Match=tag).status_code == 200


@pytest.mark.parametrize("call", ["patch", "decide"])
def test_a_change_of_what_was_changed_meanwhile_is_refused(caller, system, call):
    stale = caller.get(f"systems/{system['id']}/")["ETag"]
    caller.patch(f"systems/{system['id']}/", {"name": "Renamed"})
    if call == "patch":
        refused = caller.patch(f"systems/{system['id']}/", {"name": "Overwritten"}, If_Match=stale)
    else:
        refused = caller.post(f"systems/{system['id']}/decide/", {"decision": "out", "justification": "x"}, If_Match=stale)
    problem(refused, 412)
    now = caller.get(f"systems/{system['id']}/").json()
    assert (now["name"], now["decision"]) == ("Renamed", "undecided")


def test_a_tag_that_is_none_matches_nothing(caller, system):
    problem(caller.patch(f"systems/{system['id']}/", {"name": "x"}, If_Match="nonsense"), 412)


def test_the_organisation_has_a_tag_too(caller):
    tag = caller.get("organization/")["ETag"]
    assert caller.get("organization/", If_None_Match=tag).status_code == 304


def test_a_tag_is_of_what_is_shown():
    assert etag_of({"a": 1}) == etag_of({"a": 1}) != etag_of({"a": 2})
