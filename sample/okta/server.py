"""The fake's web face: routing, the token, pages chained by `Link`, limits and the trouble that was ordered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode
from wsgiref.handlers import format_date_time

from sample.okta import answers, service_app
from sample.okta.trouble import Headers, refusal

if TYPE_CHECKING:
    from sample.okta.world import OktaWorld

Query = dict[str, str]
Answer = tuple[int, Any, Headers]

_LIMIT = 600

#: Path, what answers it, and for a list the page size unless asked and the most that may be asked (0: no pages).
_ROUTES: tuple[tuple[str, Callable[..., Any], int, int], ...] = (
    (r"/api/v1/org", answers.org, 0, 0),
    (r"/api/v1/users", answers.users, 200, 200),
    (r"/api/v1/users/(?P<id>[^/]+)", answers.user, 0, 0),
    (r"/api/v1/users/(?P<id>[^/]+)/factors", answers.factors, 0, 0),
    (r"/api/v1/users/(?P<id>[^/]+)/roles", answers.user_roles, 0, 0),
    (r"/api/v1/iam/assignees/users", answers.assignees, 100, 100),
    (r"/api/v1/policies", answers.policies, 0, 0),
    (r"/api/v1/policies/(?P<id>[^/]+)/rules", answers.rules, 0, 0),
    (r"/api/v1/apps", answers.apps, 20, 200),
    (r"/api/v1/apps/(?P<id>[^/]+)/users", answers.app_users, 50, 500),
    (r"/api/v1/apps/(?P<id>[^/]+)/groups", answers.app_groups, 20, 200),
    (r"/api/v1/groups/rules", answers.group_rules, 50, 200),
    (r"/api/v1/groups", answers.groups, 1000, 10000),
    (r"/api/v1/groups/(?P<id>[^/]+)/roles", answers.group_roles, 0, 0),
    (r"/api/v1/authenticators", answers.authenticators, 0, 0),
    (r"/api/v1/api-tokens", answers.tokens, 0, 0),
    (r"/api/v1/zones", answers.zones, 20, 200),
    (r"/api/v1/threats/configuration", answers.threat_insight, 0, 0),
    (r"/api/v1/logStreams", answers.log_streams, 20, 200),
    (r"/api/v1/devices", answers.devices, 200, 200),
    (r"/api/v1/device-assurances", answers.assurances, 0, 0),
)

class Server:
    """A WSGI application over a world. It answers GET only: the product never writes."""

    def __init__(self, world: OktaWorld) -> None:
        self.world = world
        self.requests: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path, base = environ.get("PATH_INFO", "/"), f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', 'okta')}"
        self.requests.append(f"{environ['REQUEST_METHOD']} {path}")
        status, body, headers = self._answer(environ, path, base)
        trouble = self.world.trouble
        if trouble is not None and trouble.strikes(path):
            status, content, headers = trouble.instead(status, body, headers)
        else:
            content = json.dumps(body, ensure_ascii=False).encode()
        named = [("Content-Type", "application/json"), ("Content-Length", str(len(content))), *self._limits(), *headers]
        start_response(f"{status} {HTTPStatus(status).phrase}", named)
        return [content]

    def _answer(self, environ: dict[str, Any], path: str, base: str) -> Answer:
        app, given = self.world.app, environ.get("HTTP_AUTHORIZATION", "")
        if app is not None and path == service_app.PATH and environ["REQUEST_METHOD"] == "POST":
            sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
            return (*app.exchange(sent, base + path), [])
        opens = app.allows(given.removeprefix("Bearer "), path) if app is not None else None
        if opens is None and given != f"SSWS {self.world.token}":
            return refusal(401, "E0000011", "Invalid token provided")
        if opens is False:
            return refusal(403, "E0000006", "You do not have permission to perform the requested action")
        if environ["REQUEST_METHOD"] != "GET":
            return refusal(405, "E0000022", "The endpoint does not support the provided HTTP method")
        if self.world.denies(path):
            return refusal(403, "E0000006", "You do not have permission to perform the requested action")
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        if path == "/api/v1/logs":
            return self._log(query, base)
        for pattern, answer, default, most in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match is not None:
                try:
                    body = answer(self.world, query, base, **match.groupdict())
                except answers.Missing as missing:
                    return refusal(404, "E0000007", f"Not found: Resource not found: {missing}")
                except answers.Bad as bad:
                    return refusal(400, "E0000001", f"Api validation failed: {bad}")
                return self._page(body, query, base + path, default, most) if default else (200, body, [])
        return refusal(404, "E0000022", f"no such endpoint: {path}")

    def _page(self, body: Any, query: Query, url: str, default: int, most: int) -> Answer:
        """A page of a list, after the entry that `after` names, with the links that lead on."""
        items = body["value"] if isinstance(body, dict) else body
        limit = min(int(query.get("limit") or default), most)
        start = 0
        if query.get("after"):
            ids = [item["id"] for item in items]
            if query["after"] not in ids:
                return refusal(400, "E0000031", "Invalid search criteria.")
            start = ids.index(query["after"]) + 1
        page, more = items[start : start + limit], len(items) > start + limit
        links = [("Link", f'<{url}?{urlencode({**query, "limit": limit})}>; rel="self"')]
        following = f"{url}?{urlencode({**query, 'limit': limit, 'after': page[-1]['id']})}" if more else ""
        if isinstance(body, dict):
            return 200, {**body, "value": page, **({"_links": {"next": {"href": following}}} if more else {})}, links
        return 200, page, [*links, ("Link", f'<{following}>; rel="next"')] if more else links

    def _log(self, query: Query, base: str) -> Answer:
        """Polling: there is always a next page, empty until something happens."""
        events = answers.log(self.world, query)
        limit = min(int(query.get("limit") or 100), 1000)
        page = events[:limit]
        last = page[-1] if page else None
        after = f"{last['published']}_{last['uuid']}" if last else query.get("after", "")
        following = {**query, "limit": str(limit), **({"after": after} if after else {})}
        url = f"{base}/api/v1/logs"
        links = [
            ("Link", f'<{url}?{urlencode(query)}>; rel="self"'),
            ("Link", f'<{url}?{urlencode(following)}>; rel="next"'),
        ]
        return 200, page, links if "until" not in query else links[:1]

    def _limits(self) -> Headers:
        now = self.world.clock.now.timestamp()
        return [
            ("Date", format_date_time(now)), ("x-rate-limit-limit", str(_LIMIT)),
            ("x-rate-limit-remaining", str(_LIMIT - len(self.requests) % (_LIMIT // 2))),
            ("x-rate-limit-reset", str(int(now) + 60)),
        ]  # fmt: skip
