"""Pictures: their size and own dates, and a copy of bounded size that is safe to show. The original bytes are never shown."""

from __future__ import annotations

import io
import re
import warnings
from typing import IO

from PIL import ExifTags, Image, UnidentifiedImageError

#: More pixels are not unpacked: 64 million of them are a quarter of a gigabyte.
MOST_PIXELS = 64_000_000
_FORMATS = ("PNG", "JPEG")
_LONGEST_TERM = 120
_EXIF_MOMENT = re.compile(r"^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
#: Where programs that take screenshots of pages and screens write when they did.
_PNG_MOMENTS = ("Creation Time", "create-date", "date:create", "DateTime")


class PictureError(Exception):
    """It cannot be shown; the message says why."""


def facts_of(file: IO[bytes]) -> dict[str, str | int]:
    """Width, height, and the dates and the program that the file itself names. Raises PictureError."""
    with _opened(file) as picture:
        found: dict[str, str | int] = {"width": picture.width, "height": picture.height}
        made, program = _stated_in(picture)
    return found | ({"made": made} if made else {}) | ({"with": program} if program else {})


def shown(file: IO[bytes], *, longest: int) -> bytes:
    """The picture anew as PNG, without anything that it carried, its longer side at most so many pixels."""
    with _opened(file) as picture:
        try:
            picture.draft("RGB", (longest, longest))
            picture.thumbnail((longest, longest))
            plain = picture.convert("RGBA" if picture.mode in {"RGBA", "LA", "P"} else "RGB")
            made = io.BytesIO()
            plain.save(made, "PNG")
        except (OSError, ValueError, SyntaxError, MemoryError) as error:
            raise PictureError("The picture is damaged and cannot be shown. Download it to look.") from error
    return made.getvalue()


def _opened(file: IO[bytes]) -> Image.Image:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=_FORMATS)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise PictureError("The picture is damaged, or larger than any screen.") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise PictureError(f"The picture has {picture.width} by {picture.height} pixels, more than is unpacked here.")
    return picture


def _stated_in(picture: Image.Image) -> tuple[str, str]:
    try:
        exif = picture.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        texts = getattr(picture, "text", None) or {}
    except Exception:  # noqa: BLE001 - a broken header raises whatever its parser raises
        return "", ""
    moments = [inner.get(ExifTags.Base.DateTimeOriginal), exif.get(ExifTags.Base.DateTime), *map(texts.get, _PNG_MOMENTS)]
    made = next((_moment(each) for each in moments if each), "")
    program = exif.get(ExifTags.Base.Software) or texts.get("Software") or ""
    return made, str(program).strip("\0 ")[:_LONGEST_TERM]


def _moment(stated: object) -> str:
    """As ISO 8601 where it is written as EXIF writes it; else as it stands."""
    text = str(stated).strip("\0 ")[:_LONGEST_TERM]
    return _EXIF_MOMENT.sub(r"\1-\2-\3T\4", text)
