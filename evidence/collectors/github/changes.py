"""The population of merged changes: pull requests merged into the default branch, with reviews and checks.

Four calls a change, so it is read incrementally, newest first, and can be taken up where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Context, FactKind, Json, Page
from evidence.collectors.github.change_rows import change_rows, pending
from evidence.collectors.github.reading import failed
from evidence.collectors.github.repositories import METADATA
from evidence.collectors.github.session import GitHub, branch_of
from evidence.collectors.github.watermark import LOOKBACK, OVERLAP, Watermark, states, timed

PULLS = "Repository pull requests: read"
CHECKS = "Repository checks: read"
STATUSES = "Repository commit statuses: read"
MERGES = "github.merge_commits"  # in the run's memo: commits that merged a known pull request
#: Changes of one page: what a worker that dies has to read again, and what is in memory at once.
TOGETHER = 25


def collect_changes(session: GitHub, context: Context) -> Iterator[Page]:
    """Every repository in turn, archived ones too: what they merged before is part of the period."""
    found = states(context.cursor)
    context.next_cursor = {"repositories": found}
    for repository in session.repositories(context, archived=True):
        name = repository["full_name"]
        mark = Watermark(found.setdefault(name, {}), context.now)
        call = f"GET /repos/{name}/pulls"
        try:
            yield from _new(session, context, repository, mark)
            yield from _again(session, name, mark)
        except CollectionError as error:
            # What was yielded stays; the repository alone is marked, unless the next would fail too.
            yield Page(call, {"repository": name}, {"repository": name, **session.kept(error)})
            continue
        yield Page(call, {"repository": name}, {"repository": name, "complete_to": mark.state.get("to"), "pulls": []})


def _new(session: GitHub, context: Context, repository: Mapping[str, Any], mark: Watermark) -> Iterator[Page]:
    name, floor = repository["full_name"], mark.floor
    merges = context.memo.setdefault(MERGES, {})
    wanted = {"state": "closed", "base": branch_of(dict(repository)), "sort": "updated", "direction": "desc"}
    for page in session.pages(f"/repos/{name}/pulls", wanted):
        low = ""
        for stretch in _stretches(page.body):
            fresh = []
            for pull in stretch:
                at, merged = timed(pull.get("updated_at"), pull.get("number"), page.call), pull.get("merged_at")
                if not merged or str(merged) < mark.start:
                    continue
                merges[pull.get("merge_commit_sha")] = pull.get("number")
                if not mark.behind(pull["number"], at) and at >= floor:
                    fresh.append(pull)
            read = _detailed(session, name, page.call, page.parameters, fresh, mark) if fresh else None
            low = mark.read_down(
                [pull["updated_at"] for pull in stretch], {str(pull["number"]): pull["updated_at"] for pull in fresh},
                sum(mark.is_new(str(pull["merged_at"])) for pull in fresh),
            )  # fmt: skip
            if read is not None:
                yield read
        if low < floor:
            break
    mark.finish()


def _stretches(pulls: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """A page of the list in pieces. An empty page is one piece."""
    for start in range(0, max(1, len(pulls)), TOGETHER):
        yield pulls[start : start + TOGETHER]


def _again(session: GitHub, name: str, mark: Watermark) -> Iterator[Page]:
    """What was incomplete last time. The first that is still refused ends it: the others would be too."""
    for number in list(mark.again):
        path = f"/repos/{name}/pulls/{number}"
        pull = session.attempt(session.body, path)
        if failed(pull):
            break
        mark.again.remove(number)
        yield _detailed(session, name, f"GET {path}", {}, [pull], mark)
        if number in mark.again:
            break


def _detailed(
    session: GitHub, name: str, call: str, parameters: Mapping[str, Any], pulls: list[dict[str, Any]], mark: Watermark
) -> Page:
    details = {str(pull.get("number")): _detail(session, name, pull) for pull in pulls}
    for number, detail in details.items():
        incomplete = any(failed(part) for part in detail.values()) or pending(detail)
        if incomplete and number.isdigit() and int(number) not in mark.again:
            mark.again.append(int(number))
    return Page(call, {**parameters, "repository": name}, {"repository": name, "pulls": pulls, "details": details})


def _detail(session: GitHub, name: str, pull: Mapping[str, Any]) -> dict[str, Json]:
    """Who merged it, its reviews, and the checks and statuses of the commit that was merged."""
    number, sha = pull.get("number"), (pull.get("head") or {}).get("sha")
    if number is None or sha is None:
        return {"pull": {"error": {"reason": Reason.MALFORMED.value}}}
    path, commit = f"/repos/{name}/pulls/{number}", f"/repos/{name}/commits/{sha}"
    return {
        "pull": pull if "merged_by" in pull else session.attempt(session.body, path, once=True),
        "reviews": session.attempt(session.all, f"{path}/reviews", once=True),
        "check_runs": session.attempt(session.all, f"{commit}/check-runs", rows="check_runs", once=True),
        "status": session.attempt(session.body, f"{commit}/status", once=True),
    }


def recall_merges(pages: Iterable[Page], context: Context) -> None:
    """The merge commits of changes that an earlier worker of the run has read."""
    merges = context.memo.setdefault(MERGES, {})
    for page in pages:
        merges |= {pull.get("merge_commit_sha"): pull.get("number") for pull in page.body.get("pulls", ())}


KINDS = (
    FactKind(
        "github.merged_pull_requests", "Merged changes", collect_changes, change_rows,
        (METADATA, PULLS, CHECKS, STATUSES), incremental=True, parts="repositories", overlap=OVERLAP, back=LOOKBACK,
        recall=recall_merges,
    ),
)  # fmt: skip
