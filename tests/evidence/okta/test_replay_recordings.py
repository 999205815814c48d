"""Answers that Okta really gave, with their headers, nulls and `Link` chains, go through the collectors.

The recordings replaced the organisation's host in bodies and addresses but not always in `Link`; the replay puts the
host it is asked at in its place. What follows the last recorded page is answered with an empty one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from evidence.checks import okta as _registered  # noqa: F401
from evidence.checks.base import Facts, FactSet, Outcome, checks_of, run
from evidence.collectors.base import Context, Page, collect_all
from evidence.collectors.okta.vendor import VENDOR
from tests.loopback import serve_open
from tests.specs import RECORDED, needs_specs

pytestmark = [needs_specs, pytest.mark.specs]
NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Exchange:
    """One recorded GET."""

    file: str
    path: str
    query: dict[str, str]
    status: int
    headers: dict[str, list[str]]
    body: str


@cache
def exchanges() -> list[Exchange]:
    """Every recorded GET, in the order of recording."""
    index = json.loads((RECORDED / "index.json").read_text(encoding="utf-8"))
    indexed = {row["file"] for row in index if row["vendor"] == "okta-python"}
    return [exchange for file in sorted(indexed) for exchange in _read(file)]


def _read(file: str) -> Iterator[Exchange]:
    document = yaml.load((RECORDED / file).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for interaction in document["interactions"]:
        request, response = interaction["request"], interaction["response"]
        if request["method"] != "GET":
            continue
        headers = {
            name.lower(): value if isinstance(value, list) else [value] for name, value in response["headers"].items()
        }
        url = urlsplit(request["uri"])
        yield Exchange(
            file.rsplit("/", 1)[-1], url.path, dict(parse_qsl(url.query)), response["status"]["code"], headers,
            response["body"].get("string", ""),
        )  # fmt: skip


@dataclass
class Replay:
    """Answers as recorded: a cursor by its own recording, an opening call by the next one of its path."""

    recorded: list[Exchange]
    asked: list[str] = field(default_factory=list)

    def wsgi(self, environ: Any, start_response: Any) -> list[bytes]:
        path, query = environ["PATH_INFO"], dict(parse_qsl(environ.get("QUERY_STRING", "")))
        self.asked.append(f"{path}?after={query['after']}" if "after" in query else path)
        found = self._find(path, query)
        if found is None:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b"[]"]
        headers = [("Content-Type", "application/json")]
        for link in found.headers.get("link", []):
            headers.append(("Link", re.sub(r"https://[^/>]+", f"http://{environ['HTTP_HOST']}", link)))
        for name in ("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"):
            headers += [(name, value) for value in found.headers.get(name, [])]
        start_response(f"{found.status} Recorded", headers)
        return [found.body.encode()]

    def _find(self, path: str, query: dict[str, str]) -> Exchange | None:
        for exchange in self.recorded:
            same = exchange.query.get("after") == query.get("after") and exchange.query.get("type") == query.get("type")
            if exchange.path == path and same and ("filter" in query) == ("filter" in exchange.query):
                return exchange
        return None


def replay(recorded: list[Exchange], kinds: list[str]) -> tuple[dict[str, tuple[list[Page], Any, str]], Replay]:
    answering = Replay(recorded)
    with serve_open(answering.wsgi) as address:
        context = Context(config={}, secret={"token": "t"}, now=NOW, endpoint=address, sleep=lambda _: None)
        return collect_all(VENDOR, context, kinds), answering


def of(file: str) -> list[Exchange]:
    return [exchange for exchange in exchanges() if exchange.file.startswith(file)]


def rows(found: dict[str, tuple[list[Page], Any, str]], kind: str) -> list[Any]:
    assert found[kind][1] is None, found[kind][2]
    return list(VENDOR.kind(kind).rows(found[kind][0]))


def test_the_recorded_chain_of_user_pages_is_followed() -> None:
    found, answering = replay(of("TestUsersResource.test_user_pagination"), ["okta.users"])
    assert [row["login"] for row in rows(found, "okta.users")] == [
        "John.Doe-Activate@example.com", "John.Doe-Paginate-1@example.com",
    ]  # fmt: skip
    assert answering.asked[:3] == [
        "/api/v1/users", "/api/v1/users?after=000usfdsyqnIjEmHNm4x6", "/api/v1/users?after=000usfgmn9xhwtA6f74x6",
    ]  # fmt: skip


def test_nulls_that_okta_really_sends_are_kept_as_nulls() -> None:
    found, _ = replay(of("TestUsersResource.test_user_pagination"), ["okta.users"])
    (staged, *_) = rows(found, "okta.users")
    assert staged["status"] == "STAGED"
    assert (staged["last_login"], staged["activated"], staged["status_changed"]) == (None, None, None)


def test_devices_and_applications_whose_links_come_as_two_headers() -> None:
    for file, kind, cursor in (
        ("TestDeviceResource.test_list_devices_with_search", "okta.devices", "guooooy45xtYQeCmC1d7"),
        ("TestApplicationsResource.test_list_applications_pagination", "okta.apps", "0oanwlw0so3WcfOQi5d7"),
    ):
        found, answering = replay(of(file), [kind])
        assert rows(found, kind)
        assert [asked.rsplit("=")[-1] for asked in answering.asked if "after" in asked] == [cursor]


def test_the_admin_console_is_known_by_the_name_that_okta_gives_it() -> None:
    found, _ = replay(of("TestApplicationsResource.test_list_applications_pagination"), ["okta.apps"])
    console = next(row for row in rows(found, "okta.apps") if row["name"] == "saasure")
    assert (console["label"], console["access_policy_id"]) == ("Okta Admin Console", "rstnwmp13cg3r0SMK5d7")


def test_factors_of_a_recorded_user_are_read_with_the_phone_app_counted_as_strong() -> None:
    found, _ = replay(of("TestFactorsResource.test_list_factors_signed_nonce"), ["okta.users", "okta.factors"])
    sets = {"okta.factors": FactSet("okta.factors", rows(found, "okta.factors"))}
    check = next(check for check in checks_of("okta") if check.id == "okta.mfa.all_users")
    (finding,) = run(check, Facts(NOW, sets))
    assert (finding.resource, finding.outcome) == ("user:jane.doe-signed-nonce@example.com", Outcome.PASS)
    assert "signed_nonce" in finding.message


def test_a_recorded_session_rule_of_twelve_hours_without_second_factor_fails() -> None:
    listed = of("TestPoliciesResource.test_list_policies_by_type")
    policies = [exchange for exchange in listed if exchange.query.get("type") == "OKTA_SIGN_ON"]
    (rules,) = [e for e in of("TestPoliciesResource.test_list_policy_rules") if e.path.endswith("/rules")]
    first = json.loads(policies[0].body)[0]["id"]
    moved = Exchange(rules.file, f"/api/v1/policies/{first}/rules", rules.query, 200, rules.headers, rules.body)
    found, _ = replay([*policies, moved], ["okta.policies.sign_on"])
    sets = {"okta.policies.sign_on": FactSet("okta.policies.sign_on", rows(found, "okta.policies.sign_on"))}
    said = {
        "okta.signon.global_session": "no second factor", "okta.signon.idle": "idle limit 12 h, more than 2 h",
        "okta.signon.lifetime": "no maximum lifetime",
    }  # fmt: skip
    for check in (check for check in checks_of("okta") if check.id in said):
        outcomes = {finding.resource: (finding.outcome, finding.message) for finding in run(check, Facts(NOW, sets))}
        assert outcomes["policy:python_sdk Test-Sign-On"] == (
            Outcome.FAIL, f"rule python_sdk Test-Sign-On-Rule: {said[check.id]}"
        )
        # The default policy's rules were not recorded; a default policy without rules is no truth.
        assert outcomes["policy:Default Policy"][0] is Outcome.UNKNOWN


#: Kinds that one list brings, with the path of that list.
LISTS = {
    "okta.users": "/api/v1/users", "okta.apps": "/api/v1/apps", "okta.groups": "/api/v1/groups",
    "okta.group_rules": "/api/v1/groups/rules", "okta.zones": "/api/v1/zones", "okta.devices": "/api/v1/devices",
    "okta.authenticators": "/api/v1/authenticators", "okta.api_tokens": "/api/v1/api-tokens",
    "okta.log_streams": "/api/v1/logStreams", "okta.threatinsight": "/api/v1/threats/configuration",
    "okta.org": "/api/v1/org", "okta.policies.sign_on": "/api/v1/policies", "okta.policies.access": "/api/v1/policies",
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_every_recorded_answer_of_a_list_can_be_read_and_judged(kind: str) -> None:
    recorded = [e for e in exchanges() if e.path == LISTS[kind] and e.status == 200 and "after" not in e.query]
    assert recorded
    shape = VENDOR.kind(kind).rows
    for exchange in recorded:
        body = json.loads(exchange.body)
        read = list(shape([Page(f"GET {exchange.path}", exchange.query, body)]))
        assert len(read) == (len(body) if isinstance(body, list) else 1)
        sets = {kind: FactSet(kind, read, NOW, can_be_empty=True)}
        sets |= {house: FactSet(house, [], can_be_empty=True) for house in ("org.workers", "org.scope")}
        for check in checks_of("okta"):
            if kind in check.facts:
                run(check, Facts(NOW, sets))


def test_what_okta_says_when_a_feature_is_missing_is_not_licensed() -> None:
    refused = next(e for e in exchanges() if e.status == 401 and "E0000015" in e.body)
    moved = Exchange(refused.file, "/api/v1/devices", {}, 401, refused.headers, refused.body)
    found, _ = replay([moved], ["okta.devices"])
    assert found["okta.devices"][1] == "not_licensed"
