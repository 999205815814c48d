"""A criterion none of whose controls has a check says that it is judged by hand, and is counted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from compliance.frameworks.models import Framework
from compliance.tenancy.ids import NIL
from compliance.tenancy.rooms import scope
from controls.matrix import Matrix, criteria_of
from controls.models import Implementation
from evidence.judging.services.stand import refresh_standings
from tests.factories.controls import make_control, map_to
from tests.factories.evidence import make_requirement

pytestmark = pytest.mark.django_db


@pytest.fixture()
def three(acme, mei):
    """CC1.1 rests on people, CC6.1 on a check, CC6.2 on both."""
    with scope(acme):
        people, tool = make_control("EN-01"), make_control("AC-01")
        for control, refs in ((people, ("CC1.1", "CC6.2")), (tool, ("CC6.1", "CC6.2"))):
            for ref in refs:
                map_to(control, ref)
        make_requirement(mei.actor, people)
        make_requirement(mei.actor, tool, source="collector", checks=["github.org.2fa_required"])
        refresh_standings()
        return people, tool


def reading(**asked) -> Matrix:
    return Matrix(criteria_of(Framework.objects.get(organization_id=NIL, key="soc2-tsc-2017")), asked)


def test_it_is_manual_only_where_people_alone_judge(acme, three):
    with scope(acme):
        assert reading().manual == {"CC1.1"}
        assert reading().manual_shown == 1
        assert reading(series="CC6").manual_shown == 0


def test_a_control_that_was_not_looked_at_yet_has_no_check(acme, mei):
    with scope(acme):
        map_to(make_control("EN-01"), "CC1.1")
        assert reading().manual == {"CC1.1"}


def test_a_retired_control_makes_a_criterion_neither_manual_nor_checked(acme, three):
    people, tool = three
    with scope(acme):
        for control in three:
            control.implementation = Implementation.RETIRED
        tool.save()
        assert reading().manual == {"CC1.1", "CC6.2"}
        people.save()
        assert reading().manual == set()


def test_the_matrix_says_so_counts_them_and_shows_those_alone(mei, three):
    page = reverse("controls:matrix", args=["acme"])
    shown = mei.client.get(page + "?view=all").content.decode()
    assert shown.count(">manual</abbr>") == 1
    assert "?view=all&amp;judged=manual" in shown or "judged=manual" in shown
    alone = mei.client.get(page + "?judged=manual").context["matrix"]
    assert [place.criterion.ref for place in alone.places] == ["CC1.1"]
