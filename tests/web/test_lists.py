"""Filters, chips, sorting and pages are links that keep the rest of the address."""

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict

from compliance.web.chips import filter_chips
from compliance.web.pages import pagination, sort_link
from compliance.web.queries import changed


class Narrow(forms.Form):
    owner = forms.ChoiceField(label="Owner", choices=[("", "Anyone"), ("none", "Nobody named")])
    state = forms.MultipleChoiceField(
        label="Evidence",
        choices=[("Good", [("current", "Current")]), ("Bad", [("stale", "Stale"), ("missing", "Missing")])],
    )


class Single(forms.Form):
    first = forms.CharField(label="First", required=False)


class ByCursor:
    previous_cursor = None
    next_cursor = "b3BhcXVl"


def test_changing_one_parameter_keeps_the_others() -> None:
    assert changed(QueryDict("a=1&b=2"), {"b": 3}) == "?a=1&b=3"


def test_none_and_empty_remove_a_parameter() -> None:
    assert changed(QueryDict("a=1&b=2&c=3"), {"b": None, "c": ""}) == "?a=1"


def test_a_changed_filter_returns_to_the_first_page() -> None:
    assert changed(QueryDict("page=7&cursor=x&a=1"), {"a": 2}) == "?a=2"


def test_moving_to_another_page_keeps_the_filter() -> None:
    assert changed(QueryDict("page=7&a=1"), {"page": 8}) == "?page=8&a=1"


def test_a_value_is_quoted() -> None:
    assert changed(QueryDict(), {"q": "a&b=c"}) == "?q=a%26b%3Dc"


def test_each_chip_removes_itself_only() -> None:
    html = filter_chips(QueryDict("state=stale&state=missing&owner=none&sort=due"), Narrow())
    assert "Owner: <b>Nobody named</b>" in html
    assert 'href="?state=missing&amp;owner=none&amp;sort=due"' in html
    assert 'href="?state=stale&amp;state=missing&amp;sort=due"' in html


def test_all_can_be_cleared_at_once_and_the_order_stays() -> None:
    assert 'href="?sort=due">Clear all' in filter_chips(QueryDict("state=stale&owner=none&sort=due"), Narrow())


def test_a_list_that_is_not_filtered_has_no_chips() -> None:
    assert filter_chips(QueryDict("sort=due&owner="), Narrow()) == ""


def test_a_value_nobody_offers_is_shown_as_it_came_and_escaped_and_not_as_if_it_were_in_force() -> None:
    asked = QueryDict("owner=<b>&sort=due")
    html = filter_chips(asked, Narrow(asked))
    assert "<b>&lt;b&gt;</b> (not applied: there is no such value)" in html
    assert 'class="chip off" href="?sort=due"' in html


def test_one_bad_value_of_several_puts_all_out_of_force() -> None:
    asked = QueryDict("state=stale&state=rotten")
    assert filter_chips(asked, Narrow(asked)).count("not applied") == 2


def test_of_a_filter_that_takes_one_value_the_last_is_in_force() -> None:
    asked = QueryDict("first=a&first=b")
    html = filter_chips(asked, Single(asked))
    assert "<b>a</b> (not applied" in html
    assert "<b>b</b> " in html


def test_a_column_sorts_one_way_then_the_other() -> None:
    assert 'href="?sort=due"' in sort_link(QueryDict(), "due", "Due")
    assert 'href="?sort=-due"' in sort_link(QueryDict("sort=due"), "due", "Due")
    assert ", ascending" in sort_link(QueryDict("sort=due"), "due", "Due")
    assert 'href="?sort=due"' in sort_link(QueryDict("sort=-due"), "due", "Due")


def test_a_counted_list_says_which_rows_it_shows() -> None:
    html = pagination(QueryDict("a=1"), Paginator(range(120), 50).page(2), "controls")
    assert "Controls 51 to 100" in html
    assert 'rel="prev" href="?a=1&amp;page=1"' in html
    assert 'rel="next" href="?a=1&amp;page=3"' in html


def test_a_list_by_cursor_goes_on_without_counting() -> None:
    html = pagination(QueryDict("a=1"), ByCursor())
    assert 'href="?a=1&amp;cursor=b3BhcXVl"' in html
    assert '<span class="btn" aria-disabled="true">Previous</span>' in html


def test_a_list_on_one_page_has_no_pages() -> None:
    assert pagination(QueryDict(), Paginator(range(3), 50).page(1)) == ""
