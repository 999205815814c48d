"""What goes out as OSCAL is valid by the judgement of others: compliance-trestle reads and validates every document.

It stands in an environment of its own (`requirements-oscal.txt`, with hashes), made once below `var/`: the product does
not depend on it. Where it cannot be installed, as without a network, these tests are skipped and say so.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from compliance.frameworks.models import Framework, Requirement
from compliance.tenancy.rooms import scope
from controls.models import Control
from controls.services.mapping import map_control
from tests.frameworks.test_load_library import TREE, library, load

ROOT = Path(__file__).resolve().parents[2]
PINNED = ROOT / "requirements-oscal.txt"
#: All that is asked of it in one process: it takes two seconds to start, and each of its commands would start it anew.
_ASK = """
import os, sys
from pathlib import Path
from trestle.cli import run
from trestle.oscal.catalog import Catalog
from trestle.oscal.component import ComponentDefinition
from trestle.oscal.profile import Profile
kind, file = sys.argv[1:]
kinds = {"catalog": Catalog, "profile": Profile, "component-definition": ComponentDefinition}
assert kinds[kind].oscal_read(Path(file)) is not None
for command in (["init"], ["import", "-f", file, "-o", "it"], ["validate", "-t", kind, "-n", "it"]):
    sys.argv = ["trestle", *command]
    try:
        run()
    except SystemExit as ended:
        assert not ended.code, command
"""


@pytest.fixture(scope="session")
def tool() -> Path:
    """The folder of trestle's programs."""
    name = hashlib.sha256(PINNED.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = ROOT / "var" / f"oscal-{name}"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "oscal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "bin" / "trestle").exists():
            shutil.rmtree(folder, ignore_errors=True)
            uv = [str(Path(sys.executable).with_name("uv"))]
            commands = (
                [*uv, "venv", "-q", "--python", sys.executable, str(folder)],
                [*uv, "pip", "sync", "-q", "--require-hashes", str(PINNED)],
            )
            for command in commands:
                done = subprocess.run(
                    command,
                    env=os.environ | {"VIRTUAL_ENV": str(folder)},
                    capture_output=True,
                    timeout=240,
                    check=False,
                )
                if done.returncode:
                    pytest.skip(f"compliance-trestle cannot be installed here: {done.stderr.decode()[-200:]}")
    return folder / "bin"


def validated(tool, kind, document, workspace):
    """Let trestle read the document, take it into a workspace and validate it there."""
    file = workspace / f"{kind}.json"
    file.write_text(json.dumps(document))
    room = workspace / "room"
    room.mkdir()
    asked = subprocess.run(
        [tool / "python", "-c", _ASK, kind, file], cwd=room, capture_output=True, text=True, timeout=240, check=False
    )
    assert asked.returncode == 0, asked.stdout[-2000:] + asked.stderr[-2000:]
    return "VALID" in asked.stdout


def printed(kind, key, organization=""):
    out = io.StringIO()
    call_command("export_oscal", kind=kind, framework=key, organization=organization, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("key", ["soc2-tsc-2017", "iso27001-2022", "pci-dss-4.0.1", "nist-csf-2.0", "iso27701-2025"])
def test_the_catalogue_of_a_shipped_framework_is_valid(key, tool, tmp_path, db):
    assert validated(tool, "catalog", printed("catalog", key), tmp_path)


def test_the_catalogue_of_an_imported_framework_is_valid(tool, tmp_path, acme, mei):
    with scope(acme):
        [framework] = load(mei, library(TREE)).frameworks
    assert validated(tool, "catalog", printed("catalog", str(framework.pk), "acme"), tmp_path)


def test_a_profile_is_valid(tool, tmp_path, acme):
    assert validated(tool, "profile", printed("profile", "pci-dss-4.0.1", "acme"), tmp_path)


def test_a_component_definition_is_valid(tool, tmp_path, acme, mei):
    with scope(acme):
        made = Control.objects.create(ref="AC-01", title="Accounts", statement="Each person has one.")
        for row in Requirement.objects.filter(
            framework=Framework.objects.get(key="iso27001-2022"), ref__in=["4.1", "A.5.16"]
        ):
            map_control(actor=mei.actor, control=made, requirement=row, part="")
    document = printed("component-definition", "iso27001-2022", "acme")
    assert validated(tool, "component-definition", document, tmp_path)


def test_the_validator_refuses_what_is_wrong(tool, tmp_path, db):
    """A check that cannot fail proves nothing."""
    document = printed("catalog", "soc2-tsc-2017")
    document["catalog"]["groups"][0]["id"] = "8 begins with a digit"
    with pytest.raises(AssertionError):
        validated(tool, "catalog", document, tmp_path)
