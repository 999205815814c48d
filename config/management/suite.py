"""`./run test`: the tests on a throw-away PostgreSQL and Redis; each pytest-xdist worker makes its own database."""

from __future__ import annotations

import sys

from config.embedded.testing import test_services
from config.management.children import run


def main(arguments: list[str]) -> int:
    """pytest's exit status. What is said on the command line comes last, so it overrides the defaults."""
    with test_services():
        # Files are handed out in the order of tests/conftest.py, the longest first; xdist by itself begins with those of
        # most tests, and leaves the longest of few tests to the end, where one worker waits for the other.
        handed_out = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
        return run([sys.executable, "-m", "pytest", *handed_out, *arguments])
