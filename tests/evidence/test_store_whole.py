"""Under its address a file is whole or not at all, whoever stores the same bytes at the same time and whoever is killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from compliance.tenancy.rooms import scope
from evidence import storage

CONTENT = [b"a" * 1000, b"b" * 1000]


def test_what_another_has_written_half_is_no_ones_evidence(acme, monkeypatch):
    """Another process began to write the same bytes after we looked whether they are there, and is killed."""
    with scope(acme):
        sha256, _ = storage.store(CONTENT)
        path = storage.path_of(sha256)
        default_storage.delete(path)
        asked = storage._is_kept

        def looked_too_early(sha256: str, size: int) -> bool:
            kept = asked(sha256, size)
            default_storage.save(path, ContentFile(CONTENT[0]))
            return kept

        monkeypatch.setattr(storage, "_is_kept", looked_too_early)
        assert storage.store(CONTENT) == (sha256, 2000)
        assert storage.is_whole(sha256)


def test_of_what_breaks_off_nothing_stands_under_its_address(acme, monkeypatch):
    def breaking(self: object, chunk_size: int | None = None) -> Iterator[bytes]:
        yield CONTENT[0]
        raise KeyboardInterrupt

    with scope(acme):
        sha256, _ = storage.store(CONTENT)
        default_storage.delete(storage.path_of(sha256))
        monkeypatch.setattr("django.core.files.base.File.chunks", breaking)
        with pytest.raises(KeyboardInterrupt):
            storage.store(CONTENT)
        assert not default_storage.exists(storage.path_of(sha256))
