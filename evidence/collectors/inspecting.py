"""What is said to have been seen again, held against the log: a look that nobody logged, or one that was taken away."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Min

from evidence.leaves import SIGHTINGS
from evidence.log.models import Leaf
from evidence.log.problems import Problem, Problems
from evidence.log.services.append import moment_text

from .models import Run, RunState, Snapshot


def check_sightings(problems: Problems) -> int:
    """Each moment on a snapshot against the leaf of its run, and the other way about; how many moments there are.

    What runs under way have seen is logged when they end.
    """
    logged, seen = _logged(), 0
    begun = Run.objects.exclude(state=RunState.FINISHED).aggregate(first=Min("started_at"))["first"]
    rows = Snapshot.objects.exclude(again=[]).select_related("version__artefact").order_by("pk")
    for snapshot in rows.iterator(chunk_size=500):
        reference = f"{snapshot.version.artefact.ref} v{snapshot.version.number}"
        told = logged.pop(str(snapshot.version_id), {})
        for at in snapshot.again:
            seen += 1
            moment = moment_text(at)
            if told.pop(moment, None) is None and (begun is None or at < begun):
                said = f"The database says that it was seen again at {moment}, and the log does not."
                problems.add(Problem(said, reference=reference))
        problems.take(_taken_away(told, reference))
    for version, told in logged.items():
        problems.take(_taken_away(told, f"version {version}"))
    return seen


def _logged() -> dict[str, dict[str, int]]:
    """By version, the moments at which the log says it was seen again, each with its leaf."""
    found: dict[str, dict[str, int]] = {}
    for index, body in Leaf.objects.filter(kind=SIGHTINGS).order_by("index").values_list("index", "body").iterator(chunk_size=500):
        try:
            said: Any = json.loads(body)["seen"]
            for each in said:
                found.setdefault(str(each["version"]), {})[str(each["at"])] = index
        except (ValueError, KeyError, TypeError):
            continue  # that the leaf is none is said by whoever looks at leaves
    return found


def _taken_away(told: dict[str, int], reference: str) -> list[Problem]:
    said = "The log says that it was seen again at {}, and the database does not."
    return [Problem(said.format(at), index, reference) for at, index in told.items()]
