"""Real files of every kind that is taken in, made for a test."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import cache
from typing import Any

import docx
import xlsxwriter
from PIL import ExifTags, Image, PngImagePlugin
from weasyprint import HTML

WORDS = "Access of all leavers was reviewed by the owner of each system. " * 8


def pdf(text: str = f"Access review, 31 October 2026. {WORDS}", pages: int = 1, **meta: str) -> bytes:
    """A PDF with text; `created` and `modified` are ISO 8601."""
    heads = {"created": "dcterms.created", "modified": "dcterms.modified"}
    tags = "".join(f'<meta name="{heads[name]}" content="{value}">' for name, value in meta.items())
    body = "".join(f'<p style="break-after: page">{text} {number}</p>' for number in range(pages - 1)) + f"<p>{text}</p>"
    return HTML(string=f"<html><head>{tags}</head><body>{body}</body></html>").write_pdf()


def png(width: int = 1280, height: int = 800, made: str = "") -> bytes:
    """A screenshot; `made` is what the program that took it wrote into it."""
    told = PngImagePlugin.PngInfo()
    if made:
        told.add_text("Creation Time", made)
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#eeeeee").save(out, "PNG", pnginfo=told)
    return out.getvalue()


def jpeg(width: int = 1600, height: int = 1200, made: str = "") -> bytes:
    """A photograph; `made` as EXIF writes it: 2026:10:31 09:30:00."""
    picture, out = Image.new("RGB", (width, height), "#888888"), io.BytesIO()
    exif = picture.getexif()
    if made:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = made
        exif[ExifTags.Base.Software] = "Camera 1.0"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def xlsx(rows: list[list[Any]], created: datetime | None = None) -> bytes:
    """A workbook of one sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    if created:
        book.set_properties({"created": created})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def word(text: str) -> bytes:
    """A Word document."""
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


@cache
def bomb() -> bytes:
    """A workbook whose one part unpacks to 300 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/workbook.xml", b"\0" * (300 * 1024 * 1024))
    return out.getvalue()


MAIL = (
    b"From: Ana <ana@example.org>\r\nTo: audit@example.org\r\nDate: Sat, 31 Oct 2026 09:30:00 +0000\r\n"
    b"Subject: Access review\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><p>All of it is <b>done</b>.</p>\r\n"
    b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=review.pdf\r\n\r\nx\r\n--b--\r\n"
)
