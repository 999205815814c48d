"""The requirements behind the figure: every one of them, its state, its reasons, its filters."""

from __future__ import annotations

import re

import pytest

from audits.readiness.figures import rebuild_figures
from audits.readiness.models import Figures
from compliance.frameworks.models import Requirement
from compliance.tenancy.rooms import scope
from controls.models import Control, Mapping
from tests.factories.audits import make_programme

PAGE = "/o/acme/readiness/requirements/"


@pytest.fixture()
def programme(acme, mei):
    with scope(acme):
        made = make_programme()
        control = Control.objects.create(ref="AC-01", title="Second factor", statement="…", implementation="implemented")
        Mapping.objects.create(control=control, requirement=Requirement.objects.get(framework=made.framework, ref="CC6.1"))
        rebuild_figures()
    return made


def _refs(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a class="ref"[^>]*>([^<]+)</a>', html)


def _figures(acme):
    with scope(acme):
        return Figures.objects.get().figures["programmes"][0]


def test_all_requirements_are_listed(programme, acme, mei):
    figures = _figures(acme)
    assert _refs(mei.client.get(PAGE).content.decode()) == [row["ref"] for row in figures["requirements"]]


@pytest.mark.parametrize("state", ["partly", "not_assessed", "ready"])
def test_a_state_shows_as_many_as_its_bucket_holds(state, programme, acme, mei):
    html = mei.client.get(PAGE, {"programme": programme.pk, "state": state}).content.decode()
    assert len(_refs(html)) == _figures(acme)["buckets"][state]


def test_a_series_shows_its_own_only(programme, mei):
    assert set(_refs(mei.client.get(PAGE, {"series": "CC6"}).content.decode())) == {f"CC6.{number}" for number in range(1, 9)}


def test_every_reason_is_told_and_names_its_control(programme, acme, mei):
    html = mei.client.get(PAGE, {"state": "partly"}).content.decode()
    with scope(acme):
        control = Control.objects.get(ref="AC-01")
    assert f'<a class="ref" href="/o/acme/controls/{control.pk}/">AC-01</a>: nobody has concluded that its design is suitable.' in html


def test_more_than_a_page_holds_are_shown_by_series(programme, acme, mei):
    with scope(acme):
        row = Figures.objects.get()
        one = row.figures["programmes"][0]["requirements"][0]
        row.figures["programmes"][0]["requirements"] = [
            {**one, "ref": f"S{number // 60}.{number}", "series": f"S{number // 60}"} for number in range(180)
        ]
        row.save()
    html = mei.client.get(PAGE).content.decode()
    assert len(_refs(html)) == 60
    assert 'href="?series=S2"' in html
    assert len(_refs(mei.client.get(PAGE, {"series": "S2"}).content.decode())) == 60


def test_nothing_that_fits_says_so(programme, mei):
    assert "No requirement fits" in mei.client.get(PAGE, {"state": "unknown"}).content.decode()


def test_an_employee_is_refused(programme, noor):
    assert noor.client.get(PAGE).status_code == 403


def test_without_a_programme_it_leads_to_the_next_steps(acme, mei):
    assert mei.client.get(PAGE).headers["Location"] == "/o/acme/"
