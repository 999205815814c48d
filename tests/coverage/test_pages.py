"""The pages of coverage: a year of all requirements, what is ahead, the requirement's own account, and what if."""

from datetime import date

import pytest
from django.urls import reverse

from evidence.coverage.desk import news_for, work_for
from evidence.coverage.models import Coverage, Tolerance
from evidence.coverage.services import refresh_coverage
from evidence.services.freshness import refresh_requirements
from tests.factories.controls import make_control, map_to
from tests.factories.evidence import make_requirement

from .conftest import show

URL = "/o/acme/evidence/coverage/"


@pytest.fixture
def year(review, control, mei, priya):
    """Two requirements: a quarterly one that lost Q2, and a monthly one that lost nothing."""
    show(review, date(2026, 2, 10), date(2026, 8, 3))
    other = make_control("CM-01", area="Change", owner=priya.membership, title="Changes are approved")
    map_to(other, "CC8.1")
    whole = make_requirement(mei.actor, other, key="changes", title="Approved changes", cadence="monthly")
    show(whole, *(date(2026, month, 5) for month in range(1, 9)))
    refresh_coverage()
    return review, whole


def page(person, query: str = "") -> str:
    answer = person.client.get(URL + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_headline_counts_requirements_without_a_hole_and_never_intervals(year, mei):
    text = page(mei)
    assert ">1</a> of <a" in text
    assert "lost an interval" in text
    assert "%" not in text.split("<h1>")[1].split("</header>")[0]


def test_every_interval_leads_to_its_evidence_or_to_what_to_do(year, mei):
    review, _ = year
    text = page(mei)
    artefact = review.links.order_by("id")[0].artefact_id
    assert f'href="/o/acme/evidence/artefacts/{artefact}/"' in text
    assert f'href="/o/acme/evidence/requirements/{review.pk}/#i-2026-04-01"' in text
    assert "It cannot be filled any more" in text


def test_holes_stand_first_and_groups_say_how_many_are_whole(year, mei):
    text = page(mei)
    assert text.index("CC6") < text.index("CC8")
    assert "0 of 1 without a hole" in text
    assert "1 of 1 without a hole" in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?state=hole", "Signed access review", "Approved changes"),
        ("?state=whole", "Approved changes", "Signed access review"),
        ("?series=CC8", "Approved changes", "Signed access review"),
        ("?criterion=cc6.1", "Signed access review", "Approved changes"),
        ("?control=cm-01", "Approved changes", "Signed access review"),
        ("?q=access", "Signed access review", "Approved changes"),
        ("?state=lost&as=table", "Signed access review", "Approved changes"),
    ],
)
def test_it_is_narrowed(year, mei, query, shown, hidden):
    text = page(mei, query).split("<main")[1]
    assert shown in text
    assert hidden not in text


def test_by_owner_too(year, mei, priya):
    text = page(mei, f"?owner={priya.membership.pk}").split("<main")[1]
    assert "Approved changes" in text
    assert "Signed access review" not in text


def test_the_table_has_the_same_facts_and_sorts(year, mei):
    text = page(mei, "?as=table&sort=-filled")
    assert text.index("Approved changes") < text.index("Signed access review")
    assert "Q2 2026" in text


def test_what_if_counts_another_period_and_saves_nothing(year, mei):
    before = list(Coverage.objects.values_list("pk", "strip"))
    text = page(mei, "?start=2026-07-01&end=2026-12-31")
    assert "only supposed" in text
    assert ">2</a> of <a" in text
    assert list(Coverage.objects.values_list("pk", "strip")) == before


def test_a_supposed_period_that_cannot_be_says_so_and_the_programmes_own_is_shown(year, mei):
    text = page(mei, "?start=2026-07-01&end=2026-06-01")
    assert "It ends before it begins." in text
    assert ">1</a> of <a" in text
    assert "Give both days." in page(mei, "?start=2026-07-01")


@pytest.mark.parametrize(
    "query",
    ["?programme=nonsense", "?programme=%00", "?start=0001-01-01&end=9999-12-31", "?page=99999999999999", "?sort=x", "?owner=x"],
)
def test_hostile_queries_are_answered(year, mei, query):
    assert mei.client.get(URL + query).status_code in (200, 400, 404)


def test_it_can_be_taken_away(year, mei):
    answer = mei.client.get(f"{URL}download/csv/?state=hole")
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert "Q2 2026: lost" in text
    assert "Approved changes" not in text
    book = mei.client.get(f"{URL}download/xlsx/")
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert mei.client.get(f"{URL}download/exe/").status_code == 404


def test_without_a_programme_it_says_what_is_missing(room, mei):
    assert "No programme under way has a period" in page(mei)


def test_a_stranger_finds_nothing_and_an_employee_is_refused(year, stranger, noor):
    assert stranger.client.get(URL).status_code == 404
    assert noor.client.get(URL).status_code == 403


def test_the_requirement_tells_its_period_interval_by_interval(year, mei):
    review, _ = year
    text = mei.client.get(reverse("evidence:requirement", args=["acme", review.pk])).content.decode()
    assert 'id="i-2026-04-01"' in text
    assert "Q2 2026" in text
    assert "Say in the gap why it was missed" in text
    assert "performed <time" in text


# --- the audit firm's tolerance --------------------------------------------------------------------------------------


def test_the_tolerance_is_set_by_who_may_change_programmes(programme, mei, jonas):
    address = f"{URL}programmes/{programme.pk}/tolerance/"
    assert jonas.client.get(address).status_code == 403
    answer = mei.client.post(address, {"before": "45", "after": "60", "firm": "Corbel & Lyne"})
    assert answer.status_code == 302
    assert Tolerance.objects.get().before == 45
    bad = mei.client.post(address, {"before": "400", "after": "", "firm": "kept"})
    assert bad.status_code == 422
    assert 'value="kept"' in bad.content.decode()


# --- forward in time -------------------------------------------------------------------------------------------------


def test_what_will_be_stale_before_the_period_ends_stands_by_owner_with_what_to_do(year, mei, jonas):
    refresh_requirements(actor=mei.actor)
    text = mei.client.get(f"{URL}ahead/").content.decode()
    main = text.split("<main")[1]
    assert main.index("Jonas Lindqvist") > 0
    assert "3 Nov 2026" in main  # 3 August + 3 months
    assert "Bring it" in main
    # 5 August + a month, and then every month to the end of the year: 5 Sep, 5 Oct, 5 Nov, 5 Dec
    assert "5 Sep 2026" in main
    assert "5 Dec" in main


def test_what_nobody_answers_for_is_to_be_given_to_somebody_first(programme, mei):
    lonely = make_control("XX-01")
    map_to(lonely, "CC1.1")
    show(make_requirement(mei.actor, lonely), date(2026, 8, 1))
    refresh_requirements(actor=mei.actor)
    assert "Name an owner, then ask" in mei.client.get(f"{URL}ahead/").content.decode()


def test_an_interval_that_is_over_and_can_still_be_filled_waits_for_its_owner(control, mei, jonas, priya):
    monthly = make_requirement(mei.actor, control, key="monthly", title="Log review", cadence="monthly")
    show(monthly, *(date(2026, month, 5) for month in range(1, 7)))
    # July is over; on 5 August it can still be filled, until 7 August. On 20 August it is lost.
    refresh_coverage()
    assert work_for(jonas.membership) == []


def test_and_it_is_told_until_when(control, mei, jonas, priya, august):
    from datetime import UTC, datetime

    monthly = make_requirement(mei.actor, control, key="monthly", title="Log review", cadence="monthly")
    show(monthly, *(date(2026, month, 5) for month in range(1, 7)))
    august.move_to(datetime(2026, 8, 5, 12, tzinfo=UTC))
    refresh_coverage()
    (item,) = work_for(jonas.membership)
    assert item.title == "July 2026 is not shown: Log review"
    assert item.due == date(2026, 8, 7)
    assert work_for(priya.membership) == []
    lines = {line.key: line for line in news_for(jonas.membership)}
    assert lines["coverage:running_out"].urgent
    assert "until 7 Aug 2026" in lines["coverage:running_out"].text
