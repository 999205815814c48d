"""A pack of many items, and its verification: each in a process of its own, so that its memory is its own.

    python -m benchmarks.packing write ORGANIZATION PROGRAMME FILE     writes it; prints one line of JSON
    python -m benchmarks.packing verify VERIFY.py FILE                 runs the verifier that the pack brings
"""

from __future__ import annotations

import json
import resource
import runpy
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.rows import Figure

#: Bytes of one item, no two the same.
BYTES = 20_000
LOT = 500


def measure_packing(items: int) -> list[Figure]:
    """Expects Django to be set up."""
    began = time.monotonic()
    organization, programme = furnish(items)
    print(f"{items} items with their leaves and files: written in {time.monotonic() - began:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        pack, script = Path(folder) / "pack.zip", Path(folder) / "verify.py"
        wrote = _run("write", organization, programme, str(pack))
        with zipfile.ZipFile(pack) as opened:
            script.write_bytes(opened.read(next(name for name in opened.namelist() if name.endswith("/verify.py"))))
        checked = _run("verify", str(script), str(pack))
    subject = f"pack, {items} items"
    return [
        Figure(subject, "leaves in it", wrote["leaves"], "", aim=items, at_least=True),
        Figure(subject, "written", wrote["seconds"], "s"),
        Figure(subject, "peak memory, with Django", wrote["mebibytes"], "MiB", aim=200),
        Figure(subject, "beyond Django at rest", wrote["mebibytes"] - wrote["at_rest"], "MiB"),
        Figure(subject, "size", wrote["size"] / 2**20, "MiB"),
        Figure(subject, "verify.py", checked["seconds"], "s", note=checked["said"]),
        Figure(subject, "peak memory of verify.py", checked["mebibytes"], "MiB"),
    ]


def furnish(items: int) -> tuple[str, str]:
    """An organisation whose programme has so many items, every tenth decided on, and a checkpoint for each lot."""
    from compliance.frameworks.models import Framework
    from compliance.programmes.models import Programme
    from compliance.tenancy.ids import NIL
    from compliance.tenancy.models import Organization
    from compliance.tenancy.rooms import scope

    organization = Organization.objects.create(name="Packing", slug="packing")
    with scope(organization):
        framework = Framework.objects.get(organization_id=NIL, key="soc2-tsc-2017")
        programme = Programme.objects.create(name="SOC 2", kind="soc2_type_2", framework=framework)
        requirements = cycle(_requirements(framework))
    for first in range(0, items, LOT):
        with scope(organization):
            _lot(first, min(LOT, items - first), requirements)
    return str(organization.pk), str(programme.pk)


def _requirements(framework: Any) -> list[Any]:
    from compliance.frameworks.models import Requirement
    from controls.models import Control, Mapping
    from evidence.models import EvidenceRequirement

    criteria = cycle(Requirement.objects.filter(framework=framework, assessable=True, category="")[:33] or
                     Requirement.objects.filter(framework=framework, assessable=True)[:33])  # fmt: skip
    controls = Control.objects.bulk_create(
        Control(ref=f"C-{n:03d}", title=f"Control {n}", statement="Access is reviewed. " * 8) for n in range(200)
    )
    Mapping.objects.bulk_create(Mapping(control=control, requirement=next(criteria)) for control in controls)
    return EvidenceRequirement.objects.bulk_create(
        EvidenceRequirement(ref=f"EVR-{n:04d}", control=control, key="k", title=f"What shows {n}", cadence="quarterly", source="person")
        for n, control in enumerate(controls)
    )


def _lot(first: int, count: int, requirements: Iterator[Any]) -> None:
    from compliance.tenancy.clock import now
    from compliance.trail.actors import SYSTEM
    from evidence.leaves import DECISION, VERSION, told
    from evidence.log.services.append import append_leaves
    from evidence.log.services.sign import sign_checkpoint
    from evidence.models import Artefact, EvidenceLink, Version, VersionDecision
    from evidence.storage import store

    at = now()
    artefacts = Artefact.objects.bulk_create(
        Artefact(ref=f"EV-{n:05d}", title=f"Evidence item {n}", source="person", latest_number=1) for n in range(first, first + count)
    )
    versions = Version.objects.bulk_create(
        Version(
            artefact=artefact, number=1, sha256=store(f"{artefact.ref};".encode() * (BYTES // 9))[0], size=BYTES // 9 * 9,
            media_type="text/csv", filename="evidence.csv", received_at=at,
            effective_start=at - timedelta(days=30), effective_end=at, provided_by_label="bench",
            provenance={"filename": "evidence.csv", "provided_by": "bench", "note": "Exported from the system, as each quarter. " * 8},
        )
        for artefact in artefacts
    )  # fmt: skip
    EvidenceLink.objects.bulk_create(EvidenceLink(artefact=artefact, requirement=next(requirements)) for artefact in artefacts)
    decided = VersionDecision.objects.bulk_create(
        VersionDecision(version=version, acceptance="approved", decided_by="Femi") for version in versions[::10]
    )
    append_leaves([told(VERSION, version) for version in versions])
    append_leaves([told(DECISION, decision) for decision in decided])
    sign_checkpoint(actor=SYSTEM)


def write(organization: str, programme: str, file: str) -> dict[str, Any]:
    """Write the pack of a programme."""
    from uuid import UUID

    import django

    django.setup()

    from compliance.tenancy.ids import uuid7
    from compliance.tenancy.rooms import scope
    from compliance.trail.actors import SYSTEM
    from evidence.packs.making import make
    from evidence.packs.subjects import subject_of

    with scope(UUID(organization)):
        subject = subject_of("programme", UUID(programme))
    at_rest, began = _mebibytes(), time.perf_counter()
    with open(file, "w+b") as out:
        made = make(out, organization_id=UUID(organization), pack_id=uuid7(), subject=subject, actor=SYSTEM, made_by="bench")
    seconds = time.perf_counter() - began
    return {"leaves": made.leaves, "seconds": seconds, "size": Path(file).stat().st_size, "at_rest": at_rest, "mebibytes": _mebibytes()}


def verify(script: str, file: str) -> dict[str, Any]:
    """Run the verifier as its reader does. Raises AssertionError where it finds anything in an honest pack."""
    main = runpy.run_path(script)["main"]
    said: list[str] = []
    main.__globals__["say"] = said.append
    began = time.perf_counter()
    assert main([file]) == 0, said
    return {"seconds": time.perf_counter() - began, "mebibytes": _mebibytes(), "said": said[-1]}


def _mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run(*command: str) -> dict[str, Any]:
    told = subprocess.run([sys.executable, "-m", "benchmarks.packing", *command], stdout=subprocess.PIPE, check=True, timeout=1800)
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


if __name__ == "__main__":
    print(json.dumps({"write": write, "verify": verify}[sys.argv[1]](*sys.argv[2:])))
