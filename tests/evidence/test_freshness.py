"""Evidence is current, then due soon, then stale, at the instants that the definitions give."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.cadence import Cadence, Freshness, Step, expiry, freshness, local_day, notice, parse, turns

BERLIN = ZoneInfo("Europe/Berlin")
LINE = [Freshness.CURRENT, Freshness.DUE_SOON, Freshness.STALE]
MOMENT = timedelta(microseconds=1)

instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
cadences = st.sampled_from([cadence for cadence in Cadence if cadence != Cadence.ON_EVENT]) | st.integers(1, 800)
zones = st.sampled_from([UTC, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")])


def at(now: datetime, cadence: Cadence | int, end: datetime | None, zone=UTC, first_due=None) -> Freshness:  # noqa: ANN001
    return freshness(now, cadence=cadence, effective_end=end, first_due=first_due, zone=zone)


@pytest.mark.parametrize(
    ("end", "cadence", "expires"),
    [
        ("2026-01-31T10:00", Cadence.MONTHLY, "2026-02-28T10:00"),
        ("2028-01-31T10:00", Cadence.MONTHLY, "2028-02-29T10:00"),
        ("2028-02-29T10:00", Cadence.ANNUAL, "2029-02-28T10:00"),
        ("2026-11-30T10:00", Cadence.QUARTERLY, "2027-02-28T10:00"),
        ("2026-08-31T10:00", Cadence.SEMI_ANNUAL, "2027-02-28T10:00"),
        ("2026-05-04T10:00", Cadence.TWO_YEARS, "2028-05-04T10:00"),
        ("2026-05-04T10:00", Cadence.WEEKLY, "2026-05-11T10:00"),
        ("2026-05-04T10:00", Cadence.CONTINUOUS, "2026-05-05T10:00"),
        ("2026-05-04T10:00", 45, "2026-06-18T10:00"),
        # Over a change of the clocks the local time of day stays, in spring a day is 23 hours long.
        ("2026-03-28T12:00", Cadence.DAILY, "2026-03-29T12:00"),
        ("2026-10-20T12:00", Cadence.MONTHLY, "2026-11-20T12:00"),
        # 02:30 does not exist in Berlin on 29 March 2026: it is 03:30 then.
        ("2026-03-28T02:30", Cadence.DAILY, "2026-03-29T03:30"),
    ],
)
def test_it_goes_stale_one_cadence_on_by_the_local_calendar(end: str, cadence: Cadence | int, expires: str) -> None:
    found = expiry(datetime.fromisoformat(end).replace(tzinfo=BERLIN), cadence, BERLIN)
    assert found is not None
    assert found.astimezone(BERLIN).replace(tzinfo=None) == datetime.fromisoformat(expires)


def test_a_spring_day_is_an_hour_shorter() -> None:
    end = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    assert expiry(end, Cadence.DAILY, BERLIN) == end.astimezone(UTC) + timedelta(hours=23)


@pytest.mark.parametrize(
    ("days", "warned"), [(1, 0.5), (2, 1), (5, 1), (10, 2), (30, 6), (90, 18), (150, 30), (365, 30), (730, 30)]
)
def test_it_is_due_soon_for_a_fifth_of_its_cadence_but_a_day_at_least_and_thirty_at_most(
    days: int, warned: float
) -> None:
    end = datetime(2026, 1, 1, tzinfo=UTC)
    assert notice(end, end + timedelta(days=days)) == timedelta(days=warned)


def test_the_boundaries_are_at_the_instant() -> None:
    end = datetime(2026, 1, 1, tzinfo=UTC)
    soon, stale = datetime(2026, 1, 25, 19, 12, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert turns(end, Cadence.MONTHLY, UTC) == (soon, stale)
    assert at(soon - MOMENT, Cadence.MONTHLY, end) == Freshness.CURRENT
    assert at(soon, Cadence.MONTHLY, end) == Freshness.DUE_SOON
    assert at(stale, Cadence.MONTHLY, end) == Freshness.DUE_SOON
    assert at(stale + MOMENT, Cadence.MONTHLY, end) == Freshness.STALE


def test_without_evidence_it_is_missing_only_once_the_first_was_due() -> None:
    due = datetime(2026, 1, 1, tzinfo=UTC)
    assert at(due, Cadence.MONTHLY, None, first_due=due) == Freshness.NOT_YET_DUE
    assert at(due + MOMENT, Cadence.MONTHLY, None, first_due=due) == Freshness.MISSING
    assert at(due, Cadence.MONTHLY, None) == Freshness.NOT_YET_DUE


def test_one_that_follows_events_has_no_freshness() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert at(now, Cadence.ON_EVENT, None, first_due=now - timedelta(days=9)) == Freshness.EVENT_DRIVEN
    assert at(now, Cadence.ON_EVENT, now - timedelta(days=999)) == Freshness.EVENT_DRIVEN
    assert turns(now, Cadence.ON_EVENT, UTC) is None


@given(end=instants, cadence=cadences, zone=zones, steps=st.lists(st.timedeltas(timedelta(0), timedelta(days=900))))
def test_time_alone_only_ages_it(
    end: datetime,
    cadence: Cadence | int,
    zone: ZoneInfo,
    steps: list[timedelta],
) -> None:
    seen = [LINE.index(at(end + step, cadence, end, zone)) for step in sorted(steps)]
    assert seen == sorted(seen)


@given(end=instants, cadence=cadences, zone=zones)
def test_every_line_of_time_passes_through_due_soon_to_stale(end: datetime, cadence: Cadence, zone: ZoneInfo) -> None:
    moments = turns(end, cadence, zone)
    assert moments is not None
    soon, stale = moments
    assert end < stale
    assert at(soon, cadence, end, zone) == at(stale, cadence, end, zone) == Freshness.DUE_SOON
    assert at(stale + MOMENT, cadence, end, zone) == Freshness.STALE
    assert at(soon - MOMENT, cadence, end, zone) == Freshness.CURRENT


@given(end=instants, cadence=cadences, zone=zones, newer=st.timedeltas(timedelta(days=1), timedelta(days=900)))
def test_newer_evidence_never_makes_it_worse(
    end: datetime,
    cadence: Cadence | int,
    zone: ZoneInfo,
    newer: timedelta,
) -> None:
    now = end + newer
    assert LINE.index(at(now, cadence, now, zone)) <= LINE.index(at(now, cadence, end, zone))


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(1, 24), times=st.integers(0, 40))
def test_months_never_drift(day: date, months: int, times: int) -> None:
    later = Step(months=months).after(day, times)
    assert (later.year - day.year) * 12 + later.month - day.month == months * times
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_the_day_is_the_day_where_the_organisation_is() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert local_day(late, BERLIN) == date(2026, 7, 1)


def test_a_cadence_is_a_name_or_a_number_of_days() -> None:
    assert parse("quarterly") == Cadence.QUARTERLY
    assert parse("45") == parse(45) == 45
    for wrong in ("fortnightly", "0", 0, "-3", ""):
        with pytest.raises(ValueError, match="cadence"):
            parse(wrong)
