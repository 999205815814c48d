"""A frozen version as a file to take away: CSV, a workbook, or the stored lines themselves."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse

from compliance.trail.actors import Actor
from compliance.trail.services import record
from compliance.web.csv_lines import csv_lines
from compliance.web.workbook import MEDIA_TYPE, workbook
from evidence.storage import open_stored

from .items import cell_text
from .models import PopulationVersion
from .selectors import each_row


def sent(version: PopulationVersion, form: str, actor: Actor) -> HttpResponseBase:
    """The rows as a file. Taking them away is recorded."""
    answer = as_file(version, form)
    record(
        actor=actor, action="populations.version.downloaded", target=version.population, label=str(version),
        after={"number": version.number, "form": form, "sha256": version.rows.sha256},
    )  # fmt: skip
    return answer


def as_file(version: PopulationVersion, form: str) -> HttpResponseBase:
    """The rows as `csv`, `xlsx` or `jsonl`; the lines, which are the stored bytes, carry their digest."""
    name = f"{version.population.ref}-v{version.number}"
    try:
        if form == "jsonl":
            answer: HttpResponseBase = FileResponse(
                open_stored(version.rows.sha256), as_attachment=True, filename=f"{name}.jsonl", content_type="application/x-ndjson"
            )
            answer["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(version.rows.sha256)).decode()}:"
        elif form == "xlsx":
            span = f"{version.first} to {version.last} ({version.zone})"
            note = f"{version.population}, version {version.number}, {span}, SHA-256 {version.rows.sha256}"
            file = workbook(_head(version), _cells(version), sheet=version.population.ref, note=note)
            answer = FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=MEDIA_TYPE)
        else:
            rows = list(_cells(version))  # read before the answer leaves: the room is closed by then
            answer = StreamingHttpResponse(csv_lines(_head(version), rows), content_type="text/csv; charset=utf-8")
            answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    except FileNotFoundError as error:
        raise Http404("The bytes of this version are not in the store.") from error
    return answer


def _head(version: PopulationVersion) -> list[str]:
    kind = version.population.kind
    return ["No.", "Source", *((each.label for each in kind.attributes) if kind else ())]


def _cells(version: PopulationVersion) -> Iterator[list[str]]:
    names = [each.name for each in version.population.kind.attributes] if version.population.kind else []
    for number, item in enumerate(each_row(version), 1):
        yield [str(number), item.source, *(cell_text(item.cells.get(name)) for name in names)]
