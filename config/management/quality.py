"""`./run check`: everything that can be said of the code without running its tests. Each step runs, whatever failed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from config.embedded.locations import CLONE
from config.embedded.testing import test_services
from config.management.children import manage, run
from config.management.places import as_deployed


@dataclass(frozen=True)
class Step:
    name: str
    do: Callable[[], int]


def _python(*arguments: str) -> int:
    return run([sys.executable, *arguments])


STEPS = [
    Step("lint", lambda: _python("-m", "ruff", "check", "--output-format=concise", ".")),
    Step("types", lambda: _python("-m", "mypy", ".")),
    Step("import contracts", lambda: _python("-c", "from importlinter.cli import lint_imports_command as c; c()")),
    Step("migrations", lambda: run(manage("makemigrations", "--check", "--dry-run"))),
    Step("deployment", lambda: run(manage("check", "--deploy", "--fail-level", "WARNING"), as_deployed())),
    Step("compose file", lambda: check_compose_file()),
]


def main(arguments: list[str]) -> int:
    """0 when every step passed. Names of steps on the command line choose some of them."""
    chosen = [step for step in STEPS if not arguments or step.name in arguments]
    if not chosen:
        print(f"The steps are: {', '.join(step.name for step in STEPS)}.", file=sys.stderr)
        return 2
    failed = []
    with test_services():
        for step in chosen:
            print(f"--- {step.name}", flush=True)
            if step.do():
                failed.append(step.name)
    print(f"--- failed: {', '.join(failed)}" if failed else f"--- all {len(chosen)} checks passed", flush=True)
    return 1 if failed else 0


def check_compose_file() -> int:
    """Docker's own opinion of docker-compose.yml where it is to be had; else that it is YAML with services, said so."""
    required = {"SECRET_KEY", "FIELDWORK_KEYS", "ALLOWED_HOSTS", "SITE_URL"}
    required |= {"POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY"}
    if shutil.which("docker") and subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0:
        return run(["docker", "compose", "config", "--quiet"], dict.fromkeys(required, "checked-not-used"))
    composed = yaml.safe_load((CLONE / "docker-compose.yml").read_text())
    print("skipped: Docker Compose is not here, so docker-compose.yml is only parsed")
    return 0 if composed.get("services") else 1
