"""`./run test`: the tests on a throw-away PostgreSQL and Redis; each pytest-xdist worker makes its own database."""

from __future__ import annotations

import sys

from config.embedded.testing import test_services
from config.management.children import run


def main(arguments: list[str]) -> int:
    """pytest's exit status. What is said on the command line comes last, so it overrides the defaults."""
    with test_services():
        return run([sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments])
