"""The boundary diagram in its page: what is drawn, for whom, narrowed how, and what those get who cannot see it."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from compliance.boundary import keeping
from compliance.boundary.landscape import Landscape, Place
from compliance.boundary.layout import NoLayoutError
from compliance.boundary.selectors import landscape, of_programme
from compliance.boundary.telling import summary, tables
from compliance.programmes.services import cover_services
from compliance.registers.models import Flow, System
from compliance.tenancy.rooms import current, scope
from tests.factories.compliance import make_programme, make_system

PAGE = "/o/acme/scope/boundary/"
SVG = "{http://www.w3.org/2000/svg}"


def drawing(answer) -> ElementTree.Element:
    """The drawing in a page, read strictly as XML."""
    found = re.search(r'<svg xmlns[^>]* class="figure".*?</svg>', answer.content.decode(), re.DOTALL)
    assert found is not None
    return ElementTree.fromstring(found[0])  # noqa: S314


def words(element: ElementTree.Element) -> str:
    return " ".join(element.itertext())


def where(found: Landscape) -> dict[str, Place]:
    return {node.name: node.place for node in found.nodes}


def test_everything_has_its_place(acme, register):
    with scope(acme):
        found = landscape()
    assert where(found) == {
        "Gateway": Place.INSIDE, "Vault": Place.INSIDE, "Reports": Place.INSIDE, "Identity": Place.INSIDE, "Support": Place.INSIDE,
        "Cloud": Place.INSIDE, "Carrier": Place.PARTY, "Sandpit": Place.OUT,
    }
    assert {edge.ref for edge in found.crossing} == {"FLW-002", "FLW-004"}


def test_the_page_draws_it_with_a_title_and_a_description_and_without_inline_style(acme, mei, register):
    answer = mei.client.get(PAGE)
    assert answer.status_code == 200
    svg = drawing(answer)
    assert svg.get("role") == "img"
    named = {each.get("id"): each.text for each in svg if each.tag in {f"{SVG}title", f"{SVG}desc"}}
    assert set((svg.get("aria-labelledby") or "").split()) == set(named)
    assert "Boundary diagram of Acme Ledger" in named.values()
    assert any("6 systems inside the boundary, 1 of them undecided" in (text or "") for text in named.values())
    assert "style" not in {name for each in svg.iter() for name in each.attrib}
    assert not svg.findall(f".//{SVG}style")
    for name in ("Gateway", "Vault", "Undecided", "Out of scope", "Not encrypted", "Encryption not said", "In-scope boundary"):
        assert name in words(svg), name
    assert "Robot" not in words(svg)


def test_the_frame_holds_what_is_in_and_nothing_else(acme, mei, register):
    svg = drawing(mei.client.get(PAGE))
    frame = svg.find(f".//{SVG}rect[@class='bd-frame']")
    assert frame is not None
    x, y, width, height = (float(frame.get(side) or 0) for side in ("x", "y", "width", "height"))
    inside = set()
    for group in svg.findall(f".//{SVG}g[@class='bd-n']"):
        box = next(each for each in group if each.tag == f"{SVG}rect")
        left, top = float(box.get("x") or 0), float(box.get("y") or 0)
        if x < left < x + width and y < top < y + height:
            inside.add((group.findtext(f"{SVG}title") or "").split(".")[0].split(" ", 1)[1])
    assert inside == {"Gateway", "Vault", "Reports", "Identity", "Support", "Cloud"}


def test_flows_across_the_boundary_differ_by_more_than_colour(acme, mei, register):
    svg = drawing(mei.client.get(PAGE))
    widths = {line.get("class"): line.get("stroke-width") for line in svg.iter(f"{SVG}path")}
    assert float(widths["bd-flow-crossing"] or 0) >= 2 * float(widths["bd-flow"] or 0)
    assert len(svg.findall(f".//{SVG}circle[@class='bd-gate']")) == 2
    assert sum("Crosses the boundary" in (title.text or "") for title in svg.iter(f"{SVG}title")) == 2


def test_the_tables_tell_everything_that_is_drawn(acme, mei, register):
    page = mei.client.get(PAGE).content.decode()
    text = html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page, flags=re.DOTALL))
    for each in ("Gateway", "Vault", "Carrier", "Subservice organisation, carve-out", "Out of scope", "Undecided, counts as in scope",
                 "Cardholder data", "Crosses, goes out", "Crosses, comes in", "Both ways", "Not said"):  # fmt: skip
        assert each in text, each
    with scope(acme):
        found = landscape()
        rows = [row for table in tables(found) for row in table.rows]
    assert {row[0] for row in rows} == {node.ref for node in found.nodes} | {edge.ref for edge in found.edges}


def test_hostile_names_are_words_and_nothing_else(acme, mei):
    hostile = '</title><script>alert(1)</script>"\' & <x y=\'z\'> ]]> \u202edesrever \x07'
    with scope(acme):
        first = make_system(mei.actor, hostile, decision="in")
        second = make_system(mei.actor, '"]; x [label="pwned"', decision="in", environment="production")
        System.objects.filter(pk=first.pk).update(environment='"><script>e', data_classes=["<b>own</b>"])
        Flow.objects.create(ref="FLW-9", source=first, target=second, data_classes=["</g><script>x"], description="<i>")
    answer = mei.client.get(PAGE)
    svg = drawing(answer)
    assert {each.tag for each in svg.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "g", "rect", "path", "text", "polygon", "circle")
    }
    assert "<script>alert" not in answer.content.decode()
    assert "\u202e" not in words(svg)
    file = mei.client.get(f"{PAGE}boundary.svg")
    ElementTree.fromstring(file.content)  # noqa: S314
    assert b"<script" not in file.content
    assert mei.client.get(f"{PAGE}boundary.pdf").content.startswith(b"%PDF")


def test_without_systems_the_page_says_what_to_do(acme, mei, noor):
    page = mei.client.get(PAGE).content.decode()
    assert "There is nothing to draw yet" in page
    assert "Add a system" in page
    assert mei.client.get(f"{PAGE}boundary.svg").status_code == 302


def test_without_graphviz_the_page_says_so_and_keeps_its_tables(acme, mei, register, monkeypatch):
    cache.clear()
    monkeypatch.setenv("PATH", "/nowhere")
    answer = mei.client.get(PAGE)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Graphviz is not installed" in page
    assert "Carrier" in page
    assert "FLW-002" in page
    assert "class=\"figure\"" not in page
    for name in ("boundary.svg", "boundary.pdf"):
        refused = mei.client.get(PAGE + name, follow=True)
        assert "Graphviz is not installed" in refused.content.decode()
    cache.clear()


@pytest.mark.parametrize("path", ["", "boundary.svg", "boundary.pdf"])
def test_graphviz_is_asked_outside_of_any_room(acme, mei, register, monkeypatch, path):
    asked = []

    def layout(graph):
        asked.append(current())
        raise NoLayoutError("Not today.")

    cache.clear()
    monkeypatch.setattr(keeping, "laid_out", layout)
    mei.client.get(f"{PAGE}{path}")
    cache.clear()
    assert asked == [None]


def test_a_layout_is_worked_out_once(acme, mei, register, monkeypatch):
    cache.clear()
    first = mei.client.get(PAGE).content
    monkeypatch.setenv("PATH", "/nowhere")
    assert re.findall(rb'd="[^"]+"', mei.client.get(PAGE).content) == re.findall(rb'd="[^"]+"', first)
    cache.clear()


def test_a_service_shows_what_serves_it_and_its_neighbours_outside(acme, mei, register):
    with scope(acme):
        found = landscape(services=frozenset({register.services["Payments"].pk}))
    places = where(found)
    assert places["Reports"] == Place.BESIDE
    assert places["Gateway"] == Place.INSIDE
    assert places["Identity"] == Place.INSIDE  # names no service, so it serves them all
    assert {edge.ref for edge in found.crossing} == {"FLW-002", "FLW-003", "FLW-004"}
    answer = mei.client.get(f"{PAGE}?service={register.services['Payments'].pk}")
    assert "For other services" in words(drawing(answer))
    assert "Boundary diagram of Acme Ledger: SVC-001 Payments" in answer.content.decode()


def test_what_serves_only_others_and_has_no_flow_here_is_left_out(acme, mei, register):
    with scope(acme):
        found = landscape(services=frozenset({register.services["Insights"].pk}))
    assert "Vault" not in where(found)
    assert where(found)["Gateway"] == Place.BESIDE


def test_an_environment_shows_what_stands_in_it_and_its_neighbours(acme, register):
    with scope(acme):
        assert where(landscape(environment="staging")) == {"Sandpit": Place.OUT, "Identity": Place.INSIDE}
        unsaid_counts = where(landscape(environment="production"))
    assert {"Support", "Carrier", "Gateway", "Identity"} <= set(unsaid_counts)
    assert "Sandpit" not in unsaid_counts


def test_a_programme_shows_the_services_that_it_covers(acme, mei, register):
    with scope(acme):
        programme = make_programme(mei.actor)
        assert where(of_programme(programme)) == where(landscape())
        cover_services(actor=mei.actor, programme=programme, services=[register.services["Payments"]])
        assert where(of_programme(programme))["Reports"] == Place.BESIDE
    page = mei.client.get(f"{PAGE}?programme={programme.pk}").content.decode()
    assert f"Boundary diagram of Acme Ledger: {programme.name}" in page
    both = mei.client.get(f"{PAGE}?programme={programme.pk}&service={register.services['Insights'].pk}")
    assert both.status_code == 200


@pytest.mark.parametrize("query", ["?service=x", "?programme=%00", "?environment=<b>", "?size=9", "?service=" + "9" * 4000])
def test_a_filter_that_cannot_be_read_is_left_out(acme, mei, register, query):
    assert mei.client.get(PAGE + query).status_code in {200, 400}


def test_who_may_read_the_register_sees_it_and_nobody_else(acme, mei, jonas, noor, stranger, register):
    assert jonas.client.get(PAGE).status_code == 200
    assert noor.client.get(PAGE).status_code == 403
    for name in ("", "boundary.svg", "boundary.pdf"):
        assert stranger.client.get(PAGE + name).status_code == 404


def test_the_parts_of_scope_lead_there(acme, mei):
    assert f'href="{PAGE}"' in mei.client.get("/o/acme/scope/").content.decode()


def test_the_summary_counts_and_uses_the_right_words(acme, register):
    with scope(acme):
        assert summary(landscape()) == (
            "6 systems inside the boundary, 1 of them undecided, which counts as in scope; outside it 1 third party and "
            "1 out-of-scope system. 5 data flows, of which 2 cross the boundary."
        )
