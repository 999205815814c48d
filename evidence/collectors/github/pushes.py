"""Commits that reached the default branch without a pull request: emergency changes, or a way around review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import CollectionError, Context, FactKind, Json, Page
from evidence.collectors.github.changes import MERGES, PULLS
from evidence.collectors.github.reading import failed, login, value
from evidence.collectors.github.repositories import CONTENTS, METADATA
from evidence.collectors.github.session import GitHub, branch_of
from evidence.collectors.github.watermark import LOOKBACK, Watermark, states, timed

#: Commits are listed by when they were made, not by when they were pushed: what was written weeks before it reached the
#: branch is found as long as it is not older than this.
OVERLAP = timedelta(days=30)
_EMPTY = 409  # "Git Repository is empty."


def collect_pushes(session: GitHub, context: Context) -> Iterator[Page]:
    """Commits on each default branch; of each that did not merge a known pull request, whether one belongs to it."""
    found = states(context.cursor)
    context.next_cursor = {"repositories": found}
    for repository in session.repositories(context):
        name = repository["full_name"]
        mark = Watermark(found.setdefault(name, {}), context.now, OVERLAP)
        call, parameters = f"GET /repos/{name}/commits", {"repository": name}
        try:
            yield from _new(session, context, repository, mark)
            yield from _again(session, name, mark)
        except CollectionError as error:
            if error.status != _EMPTY:
                yield Page(call, parameters, {"repository": name, **session.kept(error)})
                continue
        yield Page(call, parameters, {"repository": name, "complete_to": mark.state.get("to")})


def _at(commit: Mapping[str, Any]) -> str:
    """When it was committed. Raises malformed where the commit does not say, or has no id."""
    committer = (commit.get("commit") or {}).get("committer") or {}
    return timed(committer.get("date"), commit.get("sha"), "GET /repos/…/commits")


def _new(session: GitHub, context: Context, repository: Mapping[str, Any], mark: Watermark) -> Iterator[Page]:
    name, merges = repository["full_name"], context.memo.get(MERGES, {})
    wanted = {"sha": branch_of(dict(repository)), "since": mark.floor}
    for page in session.pages(f"/repos/{name}/commits", wanted):
        fresh = [c for c in page.body if not mark.behind(c.get("sha"), _at(c))]
        # The first commit of a repository has nothing to be reviewed against.
        asked = [c for c in fresh if c.get("sha") not in merges and c.get("parents") != []]
        read = _looked_up(session, name, page, asked, mark) if asked else None
        mark.read_down([_at(c) for c in page.body], {str(c.get("sha")): _at(c) for c in fresh}, len(asked))
        if read is not None:
            yield read
    mark.finish()


def _again(session: GitHub, name: str, mark: Watermark) -> Iterator[Page]:
    for sha in list(mark.again):
        path = f"/repos/{name}/commits/{sha}"
        commit = session.attempt(session.body, path)
        if failed(commit):
            break
        mark.again.remove(sha)
        yield _looked_up(session, name, Page(f"GET {path}", {}, None), [commit], mark)
        if sha in mark.again:
            break


def _looked_up(session: GitHub, name: str, page: Page, commits: list[dict[str, Any]], mark: Watermark) -> Page:
    pulls: dict[str, Json] = {}
    for commit in commits:
        sha = str(commit.get("sha"))
        pulls[sha] = session.attempt(session.all, f"/repos/{name}/commits/{sha}/pulls", once=True)
        if failed(pulls[sha]) and sha not in mark.again:
            mark.again.append(sha)
    body = {"repository": name, "commits": commits, "pulls": pulls}
    return Page(page.call, {**page.parameters, "repository": name}, body)


def push_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per commit looked up, `pull` None where none belongs to it, and a row per repository as for changes."""
    rows: dict[str, Row] = {}
    for page in pages:
        name = page.body["repository"]
        if "commits" not in page.body:
            reason = failed(page.body)
            rows[name] = {
                "id": name, "repository": name, "sha": None, "complete_to": page.body.get("complete_to"),
                "read": unknown(reason) if reason else True,
            }  # fmt: skip
        for commit in page.body.get("commits", ()):
            row = _row(name, commit, page.body["pulls"].get(str(commit.get("sha"))))
            rows[row["id"]] = row
    return rows.values()


def _row(name: str, commit: Mapping[str, Any], pulls: Json) -> dict[str, Any]:
    reason, written = failed(pulls), commit.get("commit") or {}
    merged = [p for p in pulls if p.get("merged_at")] if isinstance(pulls, list) else []
    if reason is None and (not isinstance(pulls, list) or any(p.get("number") is None for p in pulls)):
        reason = Reason.MALFORMED
    return {
        "id": f"{name}@{commit.get('sha')}", "repository": name, "sha": value(commit, "sha"),
        "author": login(commit.get("author")) or (written.get("author") or {}).get("name"),
        "committer": login(commit.get("committer")), "at": (written.get("committer") or {}).get("date"),
        "message": str(written.get("message") or "").split("\n", 1)[0], "url": commit.get("html_url"),
        "pull": unknown(reason) if reason else merged[0].get("number") if merged else None,
    }  # fmt: skip


KINDS = (
    FactKind(
        "github.direct_pushes", "Commits without a pull request", collect_pushes, push_rows,
        (METADATA, CONTENTS, PULLS), incremental=True, parts="repositories", overlap=OVERLAP, back=LOOKBACK,
    ),
)  # fmt: skip
