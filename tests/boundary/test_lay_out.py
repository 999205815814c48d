"""Where everything goes: within the frame or without, no box on another, whatever the register holds."""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.boundary import layout as laying
from compliance.boundary.boxes import BOX_WIDTH, PAD, TYPE, lettered
from compliance.boundary.graph import FRAME, dot_of, graph_of
from compliance.boundary.labels import placed
from compliance.boundary.landscape import Landscape, Node, Place, folded, in_order, place_of
from compliance.boundary.layout import Layout, NoLayoutError, Rect, laid_out
from compliance.boundary.lettering import width_of
from tests.boundary.registers import NAMES, made_up, of_the_sample

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def frame_of(layout: Layout) -> Rect | None:
    return layout.clusters.get(FRAME)


def check(landscape: Landscape) -> Layout:
    """What has to hold of every layout."""
    graph = graph_of(landscape)
    layout = laid_out(graph)
    frame = frame_of(layout)
    assert len(layout.boxes) == len(landscape.nodes)
    for box, at in zip(graph.boxes, layout.boxes, strict=True):
        if box.node.place == Place.INSIDE:
            assert frame is not None
            assert frame.holds(at), box.node
        elif frame is not None:
            assert not frame.overlaps(at), box.node
    for (_, first), (_, second) in combinations(zip(landscape.nodes, layout.boxes, strict=True), 2):
        assert not first.overlaps(second)
    assert (frame is not None) == bool(landscape.at(Place.INSIDE))
    return layout


@SLOW
@given(st.integers(1, 40), st.integers(0, 60), st.integers(0, 10_000))
def test_what_is_in_scope_is_drawn_once_inside_the_frame_and_nothing_else_is(nodes, flows, seed):
    check(made_up(nodes, flows if nodes > 1 else 0, seed=seed))


@pytest.mark.parametrize("seed", range(4))
def test_sixty_boxes_do_not_overlap_and_each_holds_its_words(seed):
    landscape = made_up(60, 70, seed=seed)
    check(landscape)
    for box in map(lettered, landscape.nodes):
        room = BOX_WIDTH - 2 * PAD
        assert all(width_of(line, TYPE) <= room for line in (*box.name, box.note)), box
        assert sum(width_of(word, TYPE) for word in box.head) < room
        assert box.height >= (1 + len(box.name) + bool(box.note)) * TYPE * 1.2


@pytest.mark.parametrize("seed", range(6))
def test_the_words_on_flows_lie_on_no_box_on_no_other_words_and_across_no_frame(seed):
    landscape = made_up(60, 50, seed=seed)
    graph, layout = graph_of(landscape), check(landscape)
    labels = [at for at in placed(graph, layout) if at is not None]
    assert len(labels) == 50
    assert not [1 for label in labels for box in layout.boxes if label.overlaps(box)]
    assert not [1 for first, second in combinations(labels, 2) if first.overlaps(second)]
    frame = frame_of(layout)
    assert frame is not None
    assert not [1 for label in labels if label.overlaps(frame) and not frame.holds(label)]


def test_sixty_nodes_are_laid_out_in_well_under_a_second():
    graph = graph_of(made_up(60, 70))
    began = time.perf_counter()
    laid_out(graph)
    assert time.perf_counter() - began < 1


def test_the_sample_company_fits_on_a_screen_and_a_half():
    layout = check(of_the_sample())
    assert layout.width < 2000
    assert layout.height < 1400


@pytest.mark.parametrize("seed", range(6))
def test_graphviz_is_asked_another_way_where_it_fails(seed):
    check(made_up(150, 200, seed=seed))


def test_no_word_of_the_register_reaches_graphviz():
    hostile = ['"]; x [label="pwned', "</TABLE>>] evil -> n0", "\\N pwned", "}{ pwned", "`id` pwned", "évil pwned"]
    text = dot_of(graph_of(made_up(12, 12, names=hostile)))
    assert "pwned" not in text
    assert "evil" not in text
    assert text.isascii()
    check(made_up(12, 12, names=hostile))


def test_more_than_anybody_could_read_is_refused_with_advice():
    with pytest.raises(NoLayoutError, match="Choose a service"):
        laid_out(graph_of(made_up(laying.MOST_BOXES + 1, 0)))


def test_without_graphviz_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoLayoutError, match="graphviz"):
        laid_out(graph_of(made_up(3, 1)))


def test_a_layout_that_takes_too_long_is_given_up(monkeypatch, tmp_path):
    slow = tmp_path / "dot"
    slow.write_text("#!/bin/sh\nsleep 5\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(laying, "PATIENCE", 0.2)
    with pytest.raises(NoLayoutError, match="longer"):
        laid_out(graph_of(made_up(3, 1)))


def test_what_graphviz_answers_amiss_is_no_error_of_ours(monkeypatch, tmp_path):
    for says in ("not json", "{}", '{"bb": "x"}'):
        wrong = tmp_path / "dot"
        wrong.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{says}'\n")
        wrong.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
        with pytest.raises(NoLayoutError):
            laid_out(graph_of(made_up(3, 1)))


@pytest.mark.parametrize(
    ("kind", "decision", "included", "serves", "asked", "place"),
    [
        ("database", "in", False, "", None, Place.INSIDE),
        ("database", "undecided", False, "", None, Place.INSIDE),
        ("database", "out", False, "", None, Place.OUT),
        ("third_party", "in", False, "", None, Place.PARTY),
        ("third_party", "out", True, "", None, Place.PARTY),
        ("third_party", "in", True, "", None, Place.INSIDE),
        ("database", "in", False, "a", "a", Place.INSIDE),
        ("database", "in", False, "b", "a", Place.BESIDE),
        ("database", "in", False, "", "a", Place.INSIDE),
        ("database", "out", False, "b", "a", Place.OUT),
    ],
)
def test_where_a_system_stands(kind, decision, included, serves, asked, place):
    found = place_of(
        kind=kind, decision=decision, included=included, serves=frozenset(serves), asked=None if asked is None else frozenset(asked)
    )
    assert found == place


@SLOW
@given(st.integers(0, 10_000), st.integers(73, 140))
def test_folded_every_system_is_in_exactly_one_box_and_keeps_its_place(seed, number):
    landscape = made_up(number, 30, seed=seed)
    small = folded(landscape)
    assert len(small.nodes) <= number
    kept = [(each.key, node.place) for node in small.nodes for each in node.stands_for or (node,)]
    assert sorted(kept) == sorted((node.key, node.place) for node in landscape.nodes)
    ends = {end for edge in landscape.edges for end in (edge.source, edge.target)}
    assert ends <= set(small.by_key)


def test_few_enough_systems_are_not_folded():
    landscape = made_up(60, 10)
    assert folded(landscape) is landscape


@given(st.text(max_size=300))
def test_a_name_of_any_letters_fits_in_two_lines(name):
    box = lettered(Node("k", "SYS-001", name, "database", Place.INSIDE, "in"))
    assert 1 <= len(box.name) <= 2
    assert all(width_of(line, TYPE) <= BOX_WIDTH - 2 * PAD for line in box.name)


def test_a_long_name_is_shortened_and_a_short_one_is_whole():
    for name in NAMES:
        box = lettered(Node("k", "SYS-001", name, "database", Place.INSIDE, "in"))
        whole = "".join(box.name).replace(" ", "") == name.replace(" ", "")
        assert whole or box.name[-1].endswith("…")
    assert lettered(Node("k", "SYS-001", "Payment gateway", "database", Place.INSIDE, "in")).name == ("Payment gateway",)


def test_the_order_is_inside_first_and_production_before_the_rest():
    found = in_order(made_up(50, 0).nodes)
    places = [node.place for node in found]
    assert places == sorted(places, key=list(Place).index)
    inside = [node.group for node in found if node.place == Place.INSIDE and node.group in {"production", "staging", "corporate"}]
    assert inside == sorted(inside, key=["production", "staging", "corporate"].index)
