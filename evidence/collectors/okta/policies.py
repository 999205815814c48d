"""Policies and their rules, by type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from evidence.checks.base import Reason, Row, unknown
from evidence.collectors.base import Context, FactKind, Page
from evidence.collectors.okta.reading import answered, entries, pick
from evidence.collectors.okta.session import OktaSession, Subject

_FIELDS = {
    "id": "id", "name": "name", "type": "type", "status": "status", "system": "system", "priority": "priority",
    "settings": "settings", "conditions": "conditions", "last_updated": "lastUpdated",
}  # fmt: skip
_RULES = "GET /api/v1/policies/{policyId}/rules"


def _collecting(type_: str) -> Callable[[OktaSession, Context], Iterator[Page]]:
    def collect(session: OktaSession, context: Context) -> Iterator[Page]:
        policies: list[dict[str, Any]] = []
        for page in session.stream("/api/v1/policies", {"type": type_}):
            policies += page.body
            yield page
        yield from session.ask_each(
            _RULES,
            (
                Subject({"policy_id": policy["id"]}, f"/api/v1/policies/{policy['id']}/rules")
                for policy in policies if policy.get("id")
            ),
        )  # fmt: skip

    return collect


def _rows(pages: Sequence[Page]) -> list[Row]:
    rules = {
        (entry.get("about") or {}).get("policy_id"): answered(entry, lambda raw: raw)
        for entry in entries([page for page in pages if page.call == _RULES])
    }
    return [
        {**pick(entry, _FIELDS), "rules": rules.get(entry.get("id"), unknown(Reason.NOT_COLLECTED))}
        for entry in entries([page for page in pages if page.call != _RULES])
    ]


def _kind(id: str, title: str, type_: str) -> FactKind:
    return FactKind(
        id=f"okta.policies.{id}", title=title, collect=_collecting(type_), rows=_rows,
        permissions=("okta.policies.read",),
    )  # fmt: skip


KINDS = (
    _kind("mfa_enroll", "Authenticator enrolment policies and their rules", "MFA_ENROLL"),
    _kind("sign_on", "Global session policies and their rules", "OKTA_SIGN_ON"),
    _kind("password", "Password policies and their rules", "PASSWORD"),
    _kind("access", "Authentication policies of applications and their rules", "ACCESS_POLICY"),
)
