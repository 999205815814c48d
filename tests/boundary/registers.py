"""Landscapes to draw: made up at random, and the sample company's own."""

from __future__ import annotations

import random
from typing import Any

from compliance.boundary.landscape import Edge, Landscape, Node, in_order, place_of
from compliance.registers.models import DATA_CLASSES, Decision, Kind
from sample.landscape import _FLOWS, _RUNS
from sample.third_parties import RELIED

KINDS = [kind.value for kind in Kind]
ENVIRONMENTS = ["", "production", "staging", "development", "corporate", "our own cage"]
NAMES = [
    "Ledger", "Payment gateway", "Merchant reporting warehouse (read replica, Frankfurt region, second tenant)",
    "Pneumonoultramicroscopicsilicovolcanoconiosis-service-eu-central-1-blue", "Kundenstammdatenverwaltung Österreich",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "決済ゲートウェイの本番環境データベース（東京リージョン）",
]  # fmt: skip


def made_up(nodes: int, flows: int, *, seed: int = 1, names: list[str] | None = None) -> Landscape:
    """So many systems of every kind and standing, and so many flows between two thirds of them."""
    chance = random.Random(seed)
    found = [node_of(f"n{at}", f"SYS-{at:03}", chance.choice(names or NAMES), chance) for at in range(nodes)]
    ends = [node.key for node in found[: max(2, nodes * 2 // 3)]]
    edges = []
    for at in range(flows):
        source, target = chance.sample(ends, 2)
        edges.append(
            Edge(
                key=f"f{at}", ref=f"FLW-{at:03}", source=source, target=target,
                carries=tuple(chance.sample([code for code, _ in DATA_CLASSES], chance.randint(0, 3))),
                direction=chance.choice(["one_way", "both_ways"]), encrypted=chance.choice([True, False, None]),
            )
        )  # fmt: skip
    return Landscape(in_order(found), tuple(edges), dict(DATA_CLASSES))


def node_of(key: str, ref: str, name: str, chance: random.Random) -> Node:
    kind, decision = chance.choice(KINDS), chance.choice([each.value for each in Decision])
    place = place_of(
        kind=kind, decision=decision, included=chance.random() < 0.1, serves=frozenset("x"), asked=chance.choice([None, frozenset("y")])
    )
    return Node(key=key, ref=ref, name=name, kind=kind, place=place, decision=decision, environment=chance.choice(ENVIRONMENTS))


def of_the_sample() -> Landscape:
    """The sample company's systems and flows, with those systems that its other chapters enter."""
    parties = {relied.name for relied in RELIED}
    nodes: dict[str, Node] = {}

    def enter(name: str, kind: str, **more: Any) -> None:
        decision = more.pop("decision", "in")
        place = place_of(kind=kind, decision=decision, included=False, serves=frozenset(), asked=None)
        nodes[name] = Node(key=name, ref=f"SYS-{len(nodes) + 1:03}", name=name, kind=kind, place=place, decision=decision, **more)

    for name, kind, holds, services in _RUNS:
        enter(name, kind, environment="production", holds=holds, services=services)
    for source, target, *_ in _FLOWS:
        for name in (source, target):
            if name not in nodes:
                enter(name, "third_party" if name in parties else "application", environment="" if name in parties else "corporate")
    edges = tuple(
        Edge(key=f"f{at}", ref=f"FLW-{at:03}", source=source, target=target, carries=carries, direction=way, encrypted=encrypted)
        for at, (source, target, carries, way, encrypted, _) in enumerate(_FLOWS)
    )
    return Landscape(in_order(nodes.values()), edges, dict(DATA_CLASSES))
