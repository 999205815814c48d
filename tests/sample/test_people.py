"""The sample company's people are one consistent list that every sample world can join to."""

from datetime import UTC, datetime

from sample.base import DAYS, Clock
from sample.people import CAST, DOMAIN, PEOPLE, by_email, employed, workers

END = datetime(2026, 6, 30, 6, tzinfo=UTC)


def test_there_are_120_people_with_joiners_and_leavers_inside_the_story() -> None:
    assert len(PEOPLE) == 120
    assert len([p for p in PEOPLE if 0 < p.start_day < DAYS]) == 8
    assert len([p for p in PEOPLE if p.end_day is not None and 0 < p.end_day < DAYS]) == 7


def test_every_key_is_unique_and_plain() -> None:
    for key in ("id", "name", "email", "okta_id"):
        assert len({getattr(p, key) for p in PEOPLE}) == 120, key
    for key in ("github", "aws"):
        given = [getattr(p, key) for p in PEOPLE if getattr(p, key)]
        assert len(given) == len(set(given)), key
        assert all(value.isascii() and value == value.lower() for value in given)
    assert all(p.email.isascii() and p.email.endswith("@" + DOMAIN) and ".." not in p.email for p in PEOPLE)
    assert all(len(p.okta_id) == 20 for p in PEOPLE)


def test_the_names_are_as_awkward_as_real_ones() -> None:
    assert max(len(p.name) for p in PEOPLE) > 45
    assert sum(not p.name.isascii() for p in PEOPLE) > 30
    assert any(" " not in p.name for p in PEOPLE)


def test_about_45_write_code_and_25_have_an_aws_user() -> None:
    assert 43 <= sum(p.github is not None for p in PEOPLE) <= 48
    assert 23 <= sum(p.aws is not None for p in PEOPLE) <= 27


def test_everyone_has_a_manager_who_was_there_first_but_the_chief_executive() -> None:
    by_id = {p.id: p for p in PEOPLE}
    assert [p for p in PEOPLE if p.manager is None] == [CAST["chief_executive"]]
    for person in PEOPLE:
        if person.manager is not None:
            assert by_id[person.manager].end_day is None
            assert person.manager != person.id


def test_the_cast_stays_for_the_whole_story() -> None:
    assert {"administrator", "compliance_manager", "approver", "employee"} <= CAST.keys()
    assert len([key for key in CAST if key.startswith("owner_")]) >= 7
    assert all(p.start_day < 0 and p.end_day is None for p in CAST.values())


def test_a_leaver_is_employed_up_to_and_including_the_last_day() -> None:
    leaver = by_email("Piotr.Zielinski@halyard.example")
    assert leaver.end_day is not None
    assert leaver in employed(leaver.end_day)
    assert leaver not in employed(leaver.end_day + 1)


def test_workers_speak_of_the_clocks_day_and_know_nothing_later() -> None:
    clock = Clock(END)
    clock.now = clock.at(96)
    rows = {row["id"]: row for row in workers(clock)}
    leaver = rows[by_email("piotr.zielinski@halyard.example").id]
    assert leaver["active"] is True
    assert leaver["end_date"] == clock.at(96).date().isoformat()
    clock.now = clock.at(97)
    after = {row["id"]: row for row in workers(clock)}
    assert after[leaver["id"]]["active"] is False
    assert by_email("gaurav.deshpande@halyard.example").id in rows
    assert rows[by_email("gaurav.deshpande@halyard.example").id]["end_date"] is None
    assert by_email("ewan.macaskill@halyard.example").id not in rows  # starts on day 118
