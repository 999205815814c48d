"""Which columns the matrix shows stands in its address; guidance is folded under a criterion and never assessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from compliance.frameworks.models import Framework, PointOfFocus, Requirement
from compliance.tenancy.rooms import scope
from controls.columns import COLUMNS
from controls.models import Mapping
from tests.factories.controls import make_control, map_to, stand

MATRIX = reverse("controls:matrix", args=["acme"])


def columns(answer):
    return re.findall(r'<th class="[^"]*" scope="col" data-col="(\w+)"', answer.content.decode())


@pytest.fixture()
def shown(acme, soc2_programme):
    with scope(acme):
        control = make_control(
            nature="automated", kind="detective", key=False, area="Access",
            test_procedures=[{"type": "inquiry", "text": "Ask <the> owner."}, {"type": "inspection", "text": "Read the list."}],
        )  # fmt: skip
        map_to(control, "CC6.1")
        stand(control, last_review_at=datetime(2026, 3, 12, 9, 0, tzinfo=UTC), open_gaps=0)
        return control


def test_without_a_choice_the_usual_ones_are_shown(mei, shown):
    assert columns(mei.client.get(MATRIX + "?series=CC6")) == [each.name for each in COLUMNS if each.usual]


@pytest.mark.parametrize("asked", ["cols=gaps&cols=owner&cols=tests", "cols=tests,gaps,owner", "cols=owner&cols=tests,gaps,nonsense"])
def test_the_address_says_which_columns_are_shown(mei, shown, asked):
    answer = mei.client.get(f"{MATRIX}?series=CC6&{asked}")
    assert columns(answer) == ["owner", "tests", "gaps"]
    assert answer.content.decode().count('colspan="4"') == 8


def test_columns_that_are_none_fall_back_to_the_usual_ones(mei, shown):
    assert len(columns(mei.client.get(MATRIX + "?cols=nonsense&cols="))) == sum(each.usual for each in COLUMNS)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("tests", "<b>Inquiry</b> Ask &lt;the&gt; owner.<br><b>Inspection</b> Read the list."), ("review", "12 Mar"),
        ("kind", "Automated, detective"), ("key", "supports"), ("area", "Access"), ("implementation", "Implemented"),
        ("cadence", "Quarterly"), ("starts", "–"),
    ],
)  # fmt: skip
def test_each_column_says_what_it_is_named_after(mei, shown, column, said):
    content = mei.client.get(f"{MATRIX}?q=AC-07&cols={column}").content.decode()
    [cell] = re.findall(rf'<td data-col="{column}"[^>]*>(.*?)</td>', content, re.DOTALL)
    assert said in cell


def test_the_choice_is_kept_by_filters_sorting_and_pages(mei, shown):
    content = mei.client.get(MATRIX + "?cols=owner&cols=gaps&sort=gaps&gaps=&by=x&series=CC6&missing=").content.decode()
    filters = content[content.index('class="filters"') : content.index("Apply</button>")]
    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', filters) == [
        ("cols", "owner"), ("cols", "gaps"), ("sort", "gaps"),
    ]  # fmt: skip
    assert 'href="?cols=owner&amp;cols=gaps&amp;sort=owner&amp;' in content


@pytest.mark.parametrize("by", [each.name for each in COLUMNS if each.sort])
def test_every_head_that_offers_it_sorts(acme, mei, shown, by):
    with scope(acme):
        map_to(make_control("ZZ-01", area="", frequency=""), "CC6.1")
    for way in ("", "-"):
        answer = mei.client.get(f"{MATRIX}?series=CC6&sort={way}{by}")
        assert sorted(each.ref for group, *_ in answer.context["groups"] for each in group.rows) == ["AC-07", "ZZ-01"]


def test_points_of_focus_are_guidance_under_their_criterion(acme, mei):
    with scope(acme):
        own = Framework.objects.create(key="own", version="1", title="House rules", short_title="House rules")
        rule = Requirement.objects.create(
            framework=own, ref="R1", position=0, level="rule", assessable=True, title="Doors are shut", text="They are."
        )
        for number in (1, 2):
            PointOfFocus.objects.create(requirement=rule, ref=f"R1.{number}", text=f"Think of door <{number}>.")
        control = make_control()
        Mapping.objects.create(control=control, requirement=rule, framework_owner_id=acme.pk)
    answer = mei.client.get(f"{MATRIX}?by={own.pk}")
    content = answer.content.decode()
    assert "Guidance: 2 points of focus. They are not assessed; the criterion is." in content
    assert "Think of door &lt;2&gt;." in content
    assert [place.criterion.ref for place in answer.context["matrix"].places if place.criterion] == ["R1"]


def test_a_criterion_without_guidance_says_nothing_of_it(mei, shown):
    assert b"points of focus" not in mei.client.get(MATRIX + "?series=CC6").content
