"""A request to the sample organisation, and the kinds of answer its routes give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sample.github.repositories import Repository
from sample.github.world import GitHubWorld


class Refusal(Exception):
    """An error answer, in GitHub's own words."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


NOT_FOUND = "404 Not Found"


@dataclass(frozen=True)
class Request:
    """One call: the world, the API's own address as the caller sees it, what the path named, and the query."""

    world: GitHubWorld
    api: str
    named: dict[str, str]
    query: dict[str, str]

    def repository(self) -> Repository:
        """The repository that the path names. Raises GitHub's 404."""
        found = self.world.repository(self.named["repo"])
        if found is None:
            raise Refusal(NOT_FOUND, "Not Found")
        return found

    def active_repository(self) -> Repository:
        """The same, for what an archived repository does not answer."""
        found = self.repository()
        if "archived" in found.marks:
            raise Refusal("403 Forbidden", "Repository was archived so is read-only.")
        return found


@dataclass(frozen=True)
class Listing:
    """A list to be cut into pages: only the rows of one page are rendered. `key` is the name an object gives it."""

    rows: Sequence[Any]
    render: Callable[[Any], Any] = field(default=lambda row: row)
    key: str | None = None
    by_cursor: bool = False


Answer = Listing | dict[str, Any] | None
