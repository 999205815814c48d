"""What an auditor would bounce, rule by rule, on real files."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import media
from evidence.reading.dates import shows_a_date
from evidence.reading.lint import Brought, Period, Twin, lint
from evidence.reading.readers import read
from tests.factories import files
from tests.factories.locked import locked_pdf

OCTOBER = {"first": date(2026, 10, 1), "last": date(2026, 10, 31)}
YEAR = Period("SOC 2", date(2026, 1, 1), date(2026, 12, 31))


def found(content: bytes, kind: media.Media, **stated) -> dict[str, str]:
    """Rule to level."""
    return {each.rule: each.level for each in lint(Brought(read(io.BytesIO(content), kind.type), **stated))}


def test_a_dated_document_within_its_period_has_nothing_to_bounce():
    made = files.pdf(created="2026-11-01T09:00:00Z", modified="2026-11-01T09:00:00Z")
    assert found(made, media.PDF, **OCTOBER, periods=(YEAR,), capture={"environment": "production"}) == {}


def test_no_date_in_sight_is_found():
    assert found(files.pdf(text="Access was reviewed."), media.PDF) == {"undated": "finding"}
    assert found(b"user,role\nana,admin\n", media.CSV) == {"undated": "finding"}


def test_of_a_picture_a_person_is_asked():
    assert found(files.png(), media.PNG) == {"unseen": "question"}
    assert found(files.pdf(text=""), media.PDF) == {"unseen": "question"}
    dated = lint(Brought(read(io.BytesIO(files.jpeg(made="2026:10:31 09:30:00")), media.JPEG.type)))
    assert "2026-10-31" in dated[0].said


@pytest.mark.parametrize("size", [(300, 200), (479, 900), (2000, 200), (200, 2000), (1280, 100)])
def test_a_cut_out_is_suspected(size):
    assert found(files.png(*size), media.PNG)["cropped"] == "suspicion"


@pytest.mark.parametrize("size", [(1280, 800), (480, 240), (1170, 2532), (3840, 1080)])
def test_a_whole_window_is_not(size):
    assert "cropped" not in found(files.png(*size), media.PNG)


def test_an_environment_that_is_not_production_is_found():
    assert found(files.pdf(), media.PDF, capture={"environment": "staging"}) == {"environment": "finding"}


@pytest.mark.parametrize(
    "host",
    [
        "https://staging.example.com/users",
        "app-dev.example.com",
        "localhost:8000",
        "test.internal.example.org",
        "shop.uat.example.com",
    ],
)
def test_a_host_that_does_not_look_like_production_is_suspected(host):
    assert found(f"31 October 2026, {host}".encode(), media.TEXT) == {"environment": "suspicion"}
    assert found(files.pdf(), media.PDF, capture={"url": host}) == {"environment": "suspicion"}


@pytest.mark.parametrize(
    "text",
    [
        "app.example.com",
        "the latest contest",
        "developer.example.com",
        "ana@test.example.com is a demo",
        "testing was done",
    ],
)
def test_other_words_are_not(text):
    kept = found(f"31 October 2026, {text}".encode(), media.TEXT)
    assert "environment" not in kept or "test.example.com" in text


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"user,since\n", media.CSV), (files.xlsx([["user", "since"]]), media.XLSX), (b"[]", media.JSON)],
)
def test_an_export_of_nothing_is_found(content, kind):
    assert found(content, kind) == {"empty": "finding"}


def test_a_password_is_found():
    assert found(locked_pdf(), media.PDF) == {"locked": "finding"}


def test_a_span_outside_of_every_period_is_found():
    late = Period("ISO", date(2027, 1, 1), date(2027, 12, 31))
    point = Period("Type I", None, date(2026, 9, 30))
    assert found(files.pdf(), media.PDF, **OCTOBER, periods=(late, point))["outside"] == "finding"
    for held in ((late, YEAR), (Period("Type I", None, date(2026, 10, 15)),), ()):
        assert "outside" not in found(files.pdf(), media.PDF, **OCTOBER, periods=held)


def test_a_file_made_before_its_span_ends_is_suspected():
    old = files.pdf(created="2026-10-12T09:00:00Z", modified="2026-10-12T09:00:00Z")
    assert found(old, media.PDF, **OCTOBER) == {"older": "suspicion"}


def test_an_older_file_under_a_new_date_is_found():
    same, alike = (
        Twin("EV-0001 version 1", date(2026, 7, 31), True),
        Twin("EV-0002 version 3", date(2026, 8, 31), False),
    )
    assert found(files.pdf(), media.PDF, **OCTOBER, twins=(same, alike))["repeated"] == "finding"
    assert found(files.pdf(), media.PDF, **OCTOBER, twins=(alike,))["repeated"] == "suspicion"
    today = Twin("EV-0001 version 1", date(2026, 10, 31), True)
    assert "repeated" not in found(files.pdf(), media.PDF, **OCTOBER, twins=(today,))


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%Y%m%d"]),
)
def test_every_day_is_seen_however_it_is_written(day, form):
    assert shows_a_date(f"as of {day:{form}} by the system")


@pytest.mark.parametrize(
    "text",
    ["version 1.2.3", "10.0.0.1", "4012-8888-8888-1881", "call 555-12-34", "section 12.4", "2026", "May 2026"],
)
def test_other_numbers_are_no_dates(text):
    assert not shows_a_date(text)
