"""The environments that the commands give to the settings."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager


@contextmanager
def surroundings(variables: Mapping[str, str]) -> Iterator[None]:
    """Set what the environment does not say already, and take it away again."""
    added = {name: value for name, value in variables.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def on_loopback(port: int, *, sample: bool) -> AbstractContextManager[None]:
    """Served as in production, but over plain HTTP to this machine alone; with `sample` the vendors too."""
    allowed = "1" if sample else "0"
    return surroundings(
        {
            "DEBUG": "0",
            "HTTPS": "0",
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
            "SITE_URL": f"http://localhost:{port}",
            "FIELDWORK_SAMPLE": allowed,
            "FIELDWORK_ALLOW_VENDOR_ENDPOINTS": allowed,
            "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
            "LOG_LEVEL": "WARNING",
        }
    )


def as_deployed() -> dict[str, str]:
    """What a deployment sets, for `check --deploy`; the secret is made up and used for nothing."""
    return {
        "DEBUG": "0",
        "HTTPS": "1",
        "BEHIND_PROXY": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "fieldwork.example",
        "SITE_URL": "https://fieldwork.example",
        "FIELDWORK_SAMPLE": "0",
        "FIELDWORK_DATABASE_ROLE": "app",
    }
