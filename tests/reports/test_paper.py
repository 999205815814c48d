"""A report reaches our own static files and nothing else."""

from __future__ import annotations

import pytest

from compliance.web.documents.typesetting import OWN, OutOfReachError, StaticOnly


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "http://169.254.169.254/latest/meta-data/", "https://example.org/a.css", "ftp://example.org/a",
    "data:text/css,a{}",
    f"{OWN}../manage.py", f"{OWN}..%2f..%2fetc/passwd", f"{OWN}/etc/passwd", f"{OWN}css", f"{OWN}", f"{OWN}css/none.css", f"{OWN}a%00b",
    "https://static.invalid.example.org/css/report.css",
])  # fmt: skip
def test_it_refuses(url):
    with pytest.raises(OutOfReachError):
        StaticOnly().fetch(url)


@pytest.mark.parametrize("path", ["css/report.css", "fonts/ibm-plex-sans-latin-wdth-normal.woff2"])
def test_it_serves_our_own(path):
    assert len(StaticOnly().fetch(OWN + path).read()) > 1000
