"""How a requirement's evidence is collected: its template made out for it, the name of its file, what it answers."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import IO

import xlsxwriter

from compliance.tenancy.clock import today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.web.csv_lines import csv_lines
from compliance.web.workbook import MEDIA_TYPE as XLSX
from controls.starter import naming
from controls.starter.request_list import Item, items_of
from controls.starter.templates import Template, templates

from .models import EvidenceRequirement

MARKDOWN, CSV = "text/markdown; charset=utf-8", "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Filled:
    """A template made out for one requirement, ready to be sent."""

    name: str
    media_type: str
    content: IO[bytes]


def template_of(requirement: EvidenceRequirement) -> Template | None:
    """Its template; None where it has none, or one that this version does not ship."""
    return templates().get(requirement.template)


def items_answered(requirement: EvidenceRequirement) -> list[Item]:
    """The lines of the request list that it answers, in our words."""
    return items_of(requirement.items)


def convention_of(requirement: EvidenceRequirement) -> str:
    """How its files are named."""
    return requirement.naming or naming.usual(requirement.span)


def name_of(requirement: EvidenceRequirement, day: date) -> str:
    """An example of the name of its file, for the last whole interval before a day."""
    return naming.example(
        convention_of(requirement), control=requirement.control.ref, key=requirement.key, format=requirement.format,
        cadence=requirement.cadence, today=day,
    )  # fmt: skip


def make_out(requirement: EvidenceRequirement, template: Template, *, as_: str = "") -> Filled:
    """The template with what is known already: company, control, requirement, and how to name the file. One query.

    A document is Markdown, a sheet XLSX, or CSV where `as_` says so.
    """
    room = here()
    head = {
        "Company": Organization.objects.get(pk=room.organization_id).name,
        "Control": f"{requirement.control.ref} {requirement.control.title}",
        "Evidence": f"{requirement.ref} {requirement.title}", "Has to show": requirement.artefact or requirement.title,
        "File name": name_of(requirement, today(room.timezone)),
    }  # fmt: skip
    stem = f"{requirement.control.ref}_{template.key}"
    if not template.is_sheet:
        return Filled(f"{stem}.md", MARKDOWN, BytesIO(_document(template, head).encode()))
    if as_ == "csv":
        return Filled(f"{stem}.csv", CSV, BytesIO("".join(csv_lines(list(template.columns or ()), [])).encode()))
    return Filled(f"{stem}.xlsx", XLSX, _sheet(template, head))


def _document(template: Template, head: dict[str, str]) -> str:
    facts = "".join(f"- {name}: {' '.join(value.split())}\n" for name, value in head.items())
    signed = "- Performed by: ____ on ____\n- Approved by (somebody else): ____ on ____\n"
    return f"# {template.title}\n\n{facts}{signed}\n{template.body}\n"


def _sheet(template: Template, head: dict[str, str]) -> IO[bytes]:
    """Two sheets: one with nothing but the head of the table, one that says what each column has to hold."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    columns = template.columns or {}
    table, guide = book.add_worksheet("Record"), book.add_worksheet("How to fill it in")
    for number, column in enumerate(columns):
        table.set_column(number, number, max(14, len(column) + 2))
        table.write_string(0, number, column, bold)
    table.freeze_panes(1, 0)
    guide.set_column(0, 0, 26)
    guide.set_column(1, 1, 90)
    said = [*head.items(), ("Rows", template.about), ("Performed by", ""), ("Approved by (somebody else)", ""), ("", "")]
    for line, (name, text) in enumerate([*said, *columns.items()]):
        guide.write_string(line, 0, name, bold)
        guide.write_string(line, 1, text, wrapped)
    book.close()
    file.seek(0)
    return file
