"""Dates with their zone, digests in full, people by name, figures that lead to what they count."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone

from compliance.web.blocks import count, severity
from compliance.web.words import digest, name_of, ref, when

NOON = dt.datetime(2026, 11, 21, 12, 34, 56, tzinfo=dt.UTC)
SHA = "6430b177681451318ea00a3989c0e7827070a3cbaaf6deff94b184f73013535d"


def test_a_moment_says_its_zone_and_keeps_the_exact_time_for_machines() -> None:
    with timezone.override(ZoneInfo("Europe/Brussels")):
        assert when(NOON) == '<time datetime="2026-11-21T13:34:56+01:00">21 Nov 2026, 13:34 CET</time>'


def test_a_moment_out_of_json_is_told_alike_and_any_other_text_stays_what_it_is() -> None:
    assert when(NOON.isoformat()) == when(NOON)
    assert when("<some day>") == "&lt;some day&gt;"


def test_a_date_has_no_zone_to_be_wrong_about() -> None:
    assert when(dt.date(2026, 11, 1)) == '<time datetime="2026-11-01">1 Nov 2026</time>'


@pytest.mark.parametrize(
    ("style", "shown"),
    [("date", "21 Nov 2026"), ("short", "21 Nov"), ("time", "12:34 UTC"), ("", "21 Nov 2026, 12:34 UTC")],
)
def test_a_moment_can_be_short_where_the_page_says_the_rest(style: str, shown: str) -> None:
    with timezone.override(dt.UTC):
        assert f">{shown}</time>" in when(NOON, style)


def test_never_is_a_dash() -> None:
    assert ">–<" in when(None)
    assert ">–<" in digest(None)
    assert ">–<" in count(None)


def test_a_digest_stands_in_full_and_keeps_its_whole_where_it_is_short() -> None:
    assert SHA in digest(SHA)
    assert SHA in digest(bytes.fromhex(SHA))
    assert f'title="{SHA}"' in digest(SHA, short=True)


@pytest.mark.parametrize(
    "person",
    [
        SimpleNamespace(name="Mei-Ling Chu", email="mei@acme.example"),
        SimpleNamespace(user=SimpleNamespace(name="Mei-Ling Chu")),
        SimpleNamespace(get_full_name=lambda: "Mei-Ling Chu"),
        "Mei-Ling Chu",
    ],
)
def test_a_person_is_named_whether_user_membership_or_word(person: object) -> None:
    assert name_of(person) == "Mei-Ling Chu"


def test_who_has_no_name_is_known_by_address() -> None:
    assert name_of(SimpleNamespace(name="", email="mei@acme.example")) == "mei@acme.example"


def test_nobody_named_is_said_loudly() -> None:
    html = Template("{% person owner %}").render(Context({"owner": None}))
    assert 'data-s="missing"' in html
    assert "Nobody named" in html


def test_a_figure_is_a_link_zero_is_faint_and_thousands_are_parted() -> None:
    assert count(10482, "/rows/") == '<a href="/rows/">10,482</a>'
    assert count(0, "/rows/") == '<span class="zero">0</span>'


def test_a_reference_leads_to_what_it_names() -> None:
    assert ref("AC-07", "/o/acme/controls/AC-07/") == '<a class="ref" href="/o/acme/controls/AC-07/">AC-07</a>'
    assert "<a" not in ref("AC-07")


def test_a_severity_says_its_word_even_where_the_reference_is_seen() -> None:
    html = severity("critical", "GAP-007", "/gaps/7/")
    assert ">GAP-007<" in html
    assert '<span class="sr">, critical</span>' in html


def test_text_from_data_is_escaped_by_every_tag() -> None:
    loud = "<img src=x>"
    template = Template(
        "{% person x %}{% ref x %}{% state 'fail' x %}{% severity 'minor' x %}{% digest x %}"
        "{% note 'fail' x %}{{ x }}{% endnote %}{% empty x %}{{ x }}{% endempty %}{% idx facts %}"
    )
    html = template.render(Context({"x": loud, "facts": [{"term": loud, "fact": loud, "small": loud}]}))
    assert loud not in html
    assert html.count("&lt;img") >= 12
