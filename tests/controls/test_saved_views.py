"""Views of the matrix under a name: one's own or everybody's, one of them to begin with."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.saved_views.models import DefaultView, SavedView
from controls.saved_views.queries import PASSING, kept, kept_of
from tests.factories.controls import make_control

MATRIX = reverse("controls:matrix", args=["acme"])


@pytest.fixture()
def failing(acme, mei, soc2_programme):
    with scope(acme):
        make_control()
        return SavedView.objects.create(name="What fails", query="operation=fail", owner=mei.membership)


def save(person, name, query="", **fields):
    return person.client.post(reverse("controls:save_view", args=["acme"]), {"name": name, "query": query} | fields)


def begin(person, view):
    return person.client.post(reverse("controls:begin_with", args=["acme"]), {"saved_view": str(view.pk) if view else ""})


def change(person, view, **fields):
    return person.client.post(reverse("controls:change_view", args=["acme", view.pk]), fields)


def remove(person, view):
    return person.client.post(reverse("controls:remove_view", args=["acme", view.pk]))


def tabs(person, query="?view=all"):
    return [view.name for view, *_ in person.client.get(MATRIX + query).context["views"]]


def test_what_the_address_shows_is_kept_without_where_one_stands_in_it(acme, mei, failing):
    query = "cols=owner&cols=gaps&sort=-gaps&owner=none&page=3&at=AC-07&edit=AC-07&mode=edit"
    answer = save(mei, "  Nobody's   controls ", query)
    assert answer["Location"] == f"{MATRIX}?cols=owner&cols=gaps&owner=none&sort=-gaps"
    with scope(acme):
        view = SavedView.objects.get(name="Nobody's controls")
        assert view.query == "cols=owner&cols=gaps&owner=none&sort=-gaps"
        assert Entry.objects.filter(action="controls.view.saved", target_id=view.pk).count() == 1


def test_the_view_in_use_is_marked(mei, failing):
    content = mei.client.get(f"{MATRIX}?operation=fail&page=1&at=").content.decode()
    assert '<a href="?operation=fail" aria-current="page">What fails</a>' in content
    assert '<a href="?view=all" aria-current="page">Everything</a>' in mei.client.get(MATRIX + "?view=all").content.decode()


def test_the_same_name_again_holds_the_new_query(acme, mei, failing):
    save(mei, "What fails", "operation=unknown")
    with scope(acme):
        assert list(SavedView.objects.values_list("name", "query")) == [("What fails", "operation=unknown")]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_needs_a_name_and_what_was_shown_is_not_lost(mei, failing, name):
    answer = save(mei, name, "operation=fail")
    assert answer.status_code == 422
    assert b'name="query" value="operation=fail"' in answer.content


def test_one_is_private_until_it_is_shared(acme, mei, jonas, failing):
    assert tabs(jonas) == []
    change(mei, failing, name="What fails", shared="on")
    assert tabs(jonas) == ["What fails"]


def test_only_who_may_change_controls_shares(acme, jonas, failing):
    save(jonas, "Mine", "owner=none", shared="on")
    with scope(acme):
        assert not SavedView.objects.get(name="Mine").shared


def test_an_empty_address_opens_with_ones_own_view_and_everything_stays_within_reach(mei, jonas, failing):
    begin(mei, failing)
    assert mei.client.get(MATRIX)["Location"] == f"{MATRIX}?operation=fail"
    assert mei.client.get(MATRIX + "?view=all").status_code == 200
    assert jonas.client.get(MATRIX).status_code == 200
    begin(mei, None)
    assert mei.client.get(MATRIX).status_code == 200


def test_a_person_begins_with_one_view_at_most(acme, mei, failing):
    save(mei, "Other", "operation=unknown")
    with scope(acme):
        other = SavedView.objects.get(name="Other")
    begin(mei, failing)
    begin(mei, other)
    with scope(acme):
        assert [each.view.name for each in DefaultView.objects.select_related("view")] == ["Other"]


def test_anothers_own_view_cannot_be_begun_with(acme, jonas, failing):
    begin(jonas, failing)
    with scope(acme):
        assert not DefaultView.objects.exists()


def test_a_shared_view_that_is_taken_back_is_begun_with_by_nobody_else(acme, mei, jonas, failing):
    change(mei, failing, name="What fails", shared="on")
    begin(jonas, failing)
    assert jonas.client.get(MATRIX).status_code == 302
    change(mei, failing, name="What fails")
    assert jonas.client.get(MATRIX).status_code == 200


def test_it_gets_another_name_but_not_one_that_is_taken(acme, mei, failing):
    save(mei, "Other", "operation=unknown")
    assert change(mei, failing, name="Other").status_code == 422
    assert change(mei, failing, name="Failures").status_code == 302
    with scope(acme):
        assert SavedView.objects.filter(name="Failures").exists()


def test_removed_it_is_gone_and_so_is_beginning_with_it(acme, mei, failing):
    begin(mei, failing)
    remove(mei, failing)
    assert mei.client.get(MATRIX).status_code == 200
    with scope(acme):
        assert not SavedView.objects.exists()
        assert Entry.objects.filter(action="controls.view.removed").count() == 1


def test_anothers_view_is_not_there_and_a_shared_one_not_mine_to_change(acme, mei, jonas, failing):
    assert change(jonas, failing, name="Mine").status_code == 404
    change(mei, failing, name="What fails", shared="on")
    assert change(jonas, failing, name="Mine", shared="on").status_code == 403
    remove(jonas, failing)
    with scope(acme):
        assert SavedView.objects.get().name == "What fails"


def test_another_organisation_has_none_of_them(failing, stranger):
    assert stranger.client.get(f"/o/borealis/controls/views/{failing.pk}/").status_code == 404
    assert stranger.client.post("/o/borealis/controls/views/begin/", {"saved_view": str(failing.pk)}).status_code == 302
    assert stranger.client.get("/o/borealis/controls/").status_code == 200


_PAIRS = st.lists(st.tuples(st.sampled_from(["q", "owner", "cols", "page", "at", "sort"]), st.text(max_size=12)), max_size=8)


@given(_PAIRS)
def test_a_query_is_written_in_one_way_and_loses_nothing_but_where_one_stands(pairs):
    asked = QueryDict(mutable=True)
    for name, value in pairs:
        asked.appendlist(name, value.encode("utf-8", "ignore").decode())
    text = kept(asked)
    assert kept_of(text) == text
    again = QueryDict(text)
    for name in asked:
        expected = [] if name in PASSING else [value for value in asked.getlist(name) if value and "\x00" not in value]
        assert again.getlist(name) == expected
