"""The SDK's descriptions of the services, read once a process and without their prose.

Half of what they hold is documentation that no call needs, and the SDK keeps each in ordered dictionaries: of a worker
that reads twenty services this was most of its memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.loaders import JSONFileLoader, Loader

_PROSE = "documentation"


class Terse(JSONFileLoader):
    """Reads a description as the SDK does, but for the prose and into plain dictionaries, which keep their order too."""

    def _load_file(self, full_path: str, open_method: Callable[..., Any]) -> Any:
        try:
            with open_method(full_path, "rb") as file:
                return json.loads(file.read(), object_hook=_without_prose)
        except FileNotFoundError:
            return None


def _without_prose(found: dict[str, Any]) -> dict[str, Any]:
    """Emptied and not left out, since the SDK asks for some of it by name. A shape's member of that name is no text."""
    if isinstance(found.get(_PROSE), str):
        found[_PROSE] = ""
    return found


LOADER = Loader(include_default_search_paths=True, file_loader=Terse())
