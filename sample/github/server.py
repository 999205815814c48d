"""GitHub over HTTP, as the sample organisation answers it: signs in, limits, pages, refuses. Plain WSGI."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sample.github.metering import metered, tagged
from sample.github.repositories import ORGANIZATION, number_of
from sample.github.request import NOT_FOUND, Listing, Refusal, Request
from sample.github.routes import find
from sample.github.trouble import Reply, Trouble
from sample.github.world import GitHubWorld

LIMIT = 15_000
_ORG_ID = number_of(ORGANIZATION, 8)


def answer(world: GitHubWorld, environ: Any, start_response: Any) -> list[bytes]:
    """One call, spoilt where there is trouble."""
    path = environ.get("PATH_INFO", "")
    world.calls += 1
    reply = metered(world, tagged(_reply(world, environ, path), environ))
    trouble: Trouble | None = world.trouble
    if trouble is not None and trouble.strikes(path):
        whole = len(reply[2])
        reply = trouble.spoil(reply)
        length = whole if trouble.kind == "truncated" else len(reply[2])
    else:
        length = len(reply[2])
    status, headers, body = reply
    start_response(status, [*headers, ("Content-Length", str(length))])
    return [body]


def _reply(world: GitHubWorld, environ: Any, path: str) -> Reply:
    headers = _headers(world)
    try:
        exchanged = _exchanged(world, environ, path)
        if exchanged is not None:
            return "201 Created", headers, json.dumps(exchanged).encode()
        _signed_in(world, environ, path)
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        api = f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST') or environ['SERVER_NAME']}"
        handler, named = _route(world, path, environ.get("REQUEST_METHOD", "GET"))
        found = handler(Request(world, api, named, query))
        if isinstance(found, Listing):
            found, link = _page(found, query, f"{api}{_numbered(world, path)}")
            headers += [("Link", link)] if link else []
        body = b"" if found is None else json.dumps(found).encode()
        return ("204 No Content" if found is None else "200 OK"), headers, body
    except Refusal as refusal:
        told = {"message": refusal.message, "status": refusal.status[:3], "documentation_url": "https://docs.example"}
        return refusal.status, headers, json.dumps(told).encode()


def _headers(world: GitHubWorld) -> list[tuple[str, str]]:
    used = world.calls % (LIMIT // 2)
    return [
        ("Content-Type", "application/json; charset=utf-8"), ("X-GitHub-Media-Type", "github.v3; format=json"),
        ("X-RateLimit-Limit", str(LIMIT)), ("X-RateLimit-Used", str(used)), ("X-RateLimit-Resource", "core"),
        ("X-RateLimit-Remaining", str(LIMIT - used)),
        ("X-RateLimit-Reset", str(int(world.now.timestamp()) + 3600)),
    ]  # fmt: skip


def _exchanged(world: GitHubWorld, environ: Any, path: str) -> dict[str, Any] | None:
    """The token that an app is given for its signature; None for any other call."""
    asked = re.fullmatch(r"/app/installations/(\d+)/access_tokens", path)
    if asked is None or environ.get("REQUEST_METHOD") != "POST":
        return None
    if world.app is None:
        raise Refusal("401 Unauthorized", "A JSON web token could not be decoded")
    world.app.signed_by(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer "))
    found: dict[str, Any] = world.app.exchange(asked[1])
    return found


def _signed_in(world: GitHubWorld, environ: Any, path: str) -> None:
    given = environ.get("HTTP_AUTHORIZATION", "")
    if not given:
        raise Refusal("401 Unauthorized", "Requires authentication")
    if world.app is not None and path.startswith("/app/"):
        world.app.signed_by(given.removeprefix("Bearer "))
        return
    if world.app is not None and world.app.holds(given.removeprefix("Bearer ")):
        return
    if given not in (f"Bearer {world.token}", f"token {world.token}"):
        raise Refusal("401 Unauthorized", "Bad credentials")


def _route(world: GitHubWorld, path: str, method: str) -> Any:
    """The handler of a path, which may name the organisation and its repositories by number, as `Link` does."""
    path = re.sub(r"^/organizations/(\d+)", lambda m: f"/orgs/{ORGANIZATION if int(m[1]) == _ORG_ID else '?'}", path)
    by_id = re.match(r"^/repositories/(\d+)", path)
    if by_id:
        named = next((r.full_name for r in world.repositories() if r.id == int(by_id[1])), "?/?")
        path = f"/repos/{named}{path[by_id.end():]}"
    found = find(path)
    owner = (found[1].get("org") or found[1].get("owner") or ORGANIZATION) if found else ""
    if found is None or method != "GET" or owner.lower() != ORGANIZATION:
        raise Refusal(NOT_FOUND, "Not Found")
    return found


def _numbered(world: GitHubWorld, path: str) -> str:
    """The path as GitHub writes it into `Link`: by number."""
    path = re.sub(r"^/orgs/[^/]+", f"/organizations/{_ORG_ID}", path)
    named = re.match(r"^/repos/[^/]+/([^/]+)", path)
    found = world.repository(named[1]) if named else None
    return f"/repositories/{found.id}{path[named.end():]}" if named and found else path


def _page(listing: Listing, query: dict[str, str], url: str) -> tuple[Any, str]:
    """One page of a list, and its `Link` header: by page number, or by a cursor where GitHub does so."""
    size = min(100, max(1, int(query.get("per_page", "30"))))
    named = query.get("after" if listing.by_cursor else "page", "")
    number = int(named.removeprefix("cursor-")) if named else 1
    last = max(1, -(-len(listing.rows) // size))
    rows = [listing.render(row) for row in listing.rows[(number - 1) * size : number * size]]

    def link(to: int, rel: str) -> str:
        where = {"after": f"cursor-{to}"} if listing.by_cursor else {"page": str(to)}
        return f'<{url}?{urlencode({**query, **where})}>; rel="{rel}"'

    links = [link(number - 1, "prev"), link(1, "first")] if number > 1 else []
    links += [link(number + 1, "next"), link(last, "last")] if number < last else []
    body = {"total_count": len(listing.rows), listing.key: rows} if listing.key else rows
    return body, ", ".join(links)
