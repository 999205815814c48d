"""The matrix of each programme under way as tagged PDFs, one for each series, in one archive: no paper is larger than one can
read, and no more than one of them is laid out at a time."""

from __future__ import annotations

import re
import tempfile
import zipfile
from typing import IO

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from controls.matrix import Matrix, criteria_of
from controls.paper import papers_by_series
from controls.sheet.cover import facts_of
from evidence.media import Media

from .workbooks import measures

ZIP = Media("application/zip", "an archive", (".zip",))


def matrix_papers() -> IO[bytes]:
    """The archive on a temporary file that is gone once closed."""
    room, at = Organization.objects.get(pk=here().organization_id), now()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, measure in enumerate(measures(), start=1):
            matrix = Matrix(criteria_of(measure), {})
            name = measure.name if isinstance(measure, Programme) else str(measure)
            facts = facts_of(room, measure, matrix, None, at)
            papers = papers_by_series(room, matrix, title=f"Control matrix of {room.name}, {name}", facts=facts)
            for place, (called, content) in enumerate(papers, start=1):
                archive.writestr(f"{number:02} {_plain(name)}/{place:02} {_plain(called)}.pdf", content)
    file.seek(0)
    return file


def _plain(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^\w .,-]", " ", name).strip(" .")[:60] or "Matrix"
