"""Servers and settings for a test run, started by `./run test` or by a bare `pytest` alike.

Call `ensure_services()` before Django's settings are read. In a pytest-xdist run the controller starts the servers and
the workers find them in the environment.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext

from config.embedded.services import given, throwaway_services

#: What the settings want to know, where the environment does not say. The test runner itself switches DEBUG off again.
DEFAULTS = {
    "DEBUG": "1",
    "HTTPS": "0",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "FIELDWORK_SAMPLE": "1",
    "FIELDWORK_ALLOW_VENDOR_ENDPOINTS": "1",
}

_until_exit = ExitStack()


@contextmanager
def test_services() -> Iterator[None]:
    """Throw-away servers, unless the environment names some, and the defaults above."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    with nullcontext() if given() else throwaway_services():
        yield


def ensure_services() -> None:
    """The same until this process ends."""
    _until_exit.enter_context(test_services())
    atexit.register(_until_exit.close)
