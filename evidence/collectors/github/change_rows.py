"""From raw pull requests, reviews and checks to one row per merged change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import Json, Page
from evidence.collectors.github.reading import failed, login, value

_GREEN = frozenset({"success", "neutral", "skipped"})
GHOST = "ghost"  # how GitHub itself calls an account that was deleted
_DECISIVE = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


def change_rows(pages: Sequence[Page]) -> Iterable[Row]:
    """A row per merged change, and one per repository that says how far the reading went; the newest reading wins.

    A repository's own row has `number` None, `read` True or unknown, and the repository's name as its id.
    """
    rows: dict[str, Row] = {}
    for page in pages:
        body = page.body
        name = body["repository"]
        if "details" not in body:
            reason = failed(body)
            rows[name] = {
                "id": name, "repository": name, "number": None, "complete_to": body.get("complete_to"),
                "read": unknown(reason) if reason else True,
            }  # fmt: skip
        for pull in body.get("pulls", ()):
            row = _row(name, pull, body["details"].get(str(pull.get("number")), {}))
            rows[row["id"]] = row
    return rows.values()


def _row(name: str, pull: Mapping[str, Any], detail: Mapping[str, Json]) -> dict[str, Any]:
    number, sha, user = pull.get("number"), value(pull, "head.sha"), pull.get("user") or {}
    merged_at = pull.get("merged_at")
    return {
        "id": f"{name}#{number}", "repository": name, "number": value(pull, "number"), "title": pull.get("title"),
        "author": login(user) or unknown(Reason.MALFORMED), "author_is_bot": user.get("type") == "Bot",
        "merged_by": _merged_by(detail.get("pull")), "merged_at": merged_at, "created_at": pull.get("created_at"),
        "base": (pull.get("base") or {}).get("ref"), "head_sha": sha, "merge_commit": pull.get("merge_commit_sha"),
        "url": pull.get("html_url"), "approvals": approvals(detail.get("reviews"), login(user), sha, merged_at),
        "checks": check_state(detail, merged_at),
    }  # fmt: skip


def _merged_by(pull: Json) -> Any:
    found = value(pull, "merged_by")
    return login(found) if found is None or (isinstance(found, Mapping) and "login" in found) else found


def approvals(reviews: Json, author: str | None, head: Any, merged_at: Any) -> Any:
    """Approvals in force when the change was merged, by people other than its author.

    Of each reviewer the last decisive review counts. `current` says whether it was given on the commit that was
    merged, that is after the last push: an earlier one approved something else. Bots approve nothing.
    """
    reason = failed(reviews)
    if reason is not None or not isinstance(reviews, list):
        return unknown(reason or Reason.MALFORMED)
    if not all(isinstance(review.get("state"), str) for review in reviews):
        return unknown(Reason.MALFORMED)
    last: dict[str, Mapping[str, Any]] = {}
    for review in sorted(reviews, key=lambda r: str(r.get("submitted_at") or "")):
        user = review.get("user") or {"login": GHOST}
        late = merged_at and str(review.get("submitted_at") or "") > str(merged_at)
        decisive = review["state"] in _DECISIVE and user.get("type") != "Bot"
        if decisive and not late and user.get("login") != author:
            last[str(user.get("login"))] = review
    return [_approval(who, review, head) for who, review in last.items() if review["state"] == "APPROVED"]


def _approval(who: str, review: Mapping[str, Any], head: Any) -> dict[str, Any]:
    """Whether an approval was of the merged commit. A deleted account may have been anyone: nobody can say."""
    told = review.get("commit_id") and who != GHOST
    current = review["commit_id"] == head if told else unknown(Reason.MALFORMED)
    return {"by": who, "at": review.get("submitted_at"), "commit": review.get("commit_id"), "current": current}


def pending(detail: Mapping[str, Json]) -> bool:
    """Whether a check was still running when we looked."""
    found = check_state(detail, None)
    return bool(found.get("state") == "pending")


def check_state(detail: Mapping[str, Json], merged_at: Any) -> dict[str, Any]:
    """Checks and statuses of the merged commit in one: passed, failed (with names), pending or none.

    A run that began after the merge (a deployment, a repeat) says nothing about the merge, nor does a status that was set
    after it: of each context the newest alone is told, so what stood there at the merge is not known.
    One that ended after it was under way when it was merged, however well it ended.
    """
    runs, status = detail.get("check_runs"), detail.get("status")
    reason = failed(runs) or failed(status)
    if reason is not None or not isinstance(runs, list) or not isinstance(status, Mapping):
        return unknown(reason or Reason.MALFORMED)
    told = status.get("statuses")
    stated = [*[r.get("status") for r in runs], *[s.get("state") for s in told or ()]]
    if not isinstance(told, list) or not all(isinstance(state, str) for state in stated):
        return unknown(Reason.MALFORMED)
    counted = [r for r in runs if not _is_after(r.get("started_at"), merged_at)]
    told = [s for s in told if not _is_after(s.get("created_at"), merged_at)]
    bad = [str(r.get("name")) for r in counted if r.get("status") == "completed" and r.get("conclusion") not in _GREEN]
    bad += [str(s.get("context")) for s in told if s.get("state") in ("failure", "error")]
    waiting = any(s.get("state") == "pending" for s in told) or any(
        r.get("status") != "completed" or _is_after(r.get("completed_at"), merged_at) for r in counted
    )
    green = any(r.get("conclusion") in ("success", "neutral") for r in counted) or any(
        s.get("state") == "success" for s in told
    )
    state = "failed" if bad else "pending" if waiting else "passed" if green else "none"
    return {"state": state, "failed": sorted(bad)}


def _is_after(at: Any, merged_at: Any) -> bool:
    """Whether something happened after the merge; GitHub's times compare as text."""
    return bool(merged_at) and str(at or "") > str(merged_at)
