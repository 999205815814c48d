"""Elastic Load Balancing: the listeners of each load balancer, and what their TLS policies let through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence.checks.base import Row
from evidence.collectors.aws.answers import field, lists
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.errors import as_body
from evidence.collectors.aws.kinds import actions, chunked, whole_or_error
from evidence.collectors.base import CollectionError, Context, FactKind, Page

_CALLS = ("elbv2:DescribeLoadBalancers", "elbv2:DescribeListeners", "elbv2:DescribeSSLPolicies")


def _collect(session: AwsSession, context: Context) -> Iterator[Page]:
    def fetch(region: str) -> Iterator[Page]:
        balancers = (
            balancer
            for answer in session.answers("elbv2", "DescribeLoadBalancers", region, expect="LoadBalancers")
            for balancer in answer["LoadBalancers"]
        )
        details = list(session.gather(lambda item: _detail(session, region, item), balancers))
        if any(_named(detail) for detail in details):
            policies = _policies(session, region)
            details = [_with(detail, policies) for detail in details]
        yield from chunked(session, _CALLS[0], iter(details), region)

    return session.by_region(fetch)


def _detail(session: AwsSession, region: str, balancer: Mapping[str, Any]) -> dict[str, Any]:
    arn = balancer["LoadBalancerArn"]
    listed = whole_or_error(session, "elbv2", "DescribeListeners", region, "Listeners", LoadBalancerArn=arn)
    return {"item": balancer, "answers": {"DescribeListeners": listed}}


def _named(detail: Mapping[str, Any]) -> set[str]:
    """The TLS policies that a balancer's listeners name."""
    listeners = detail["answers"]["DescribeListeners"].get("Listeners", ())
    return {one["SslPolicy"] for one in listeners if one.get("SslPolicy")}


def _with(detail: dict[str, Any], policies: Mapping[str, Any]) -> dict[str, Any]:
    kept = policies if "error" in policies else {name: policies.get(name) for name in sorted(_named(detail))}
    return {**detail, "answers": {**detail["answers"], "DescribeSSLPolicies": kept}}


def _policies(session: AwsSession, region: str) -> dict[str, Any]:
    """AWS's TLS policies by name with their protocols: the full answer, ciphers and all, is half a megabyte."""
    try:
        answers = session.shared("elbv2", "DescribeSSLPolicies", region, expect="SslPolicies")
    except CollectionError as error:
        return as_body(error)
    return {policy["Name"]: policy["SslProtocols"] for answer in answers for policy in answer["SslPolicies"]}


def _balancer_rows(pages: Sequence[Page]) -> Iterator[Row]:
    for balancer in lists("resources", _balancer)(pages):
        listeners = balancer.get("listeners")
        if not isinstance(listeners, list):
            yield balancer
            continue
        shared = {key: value for key, value in balancer.items() if key != "listeners"}
        yield from ({**shared, **listener} for listener in listeners)


def _balancer(detail: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    item, answers = detail["item"], detail["answers"]
    return {
        "arn": item["LoadBalancerArn"], "balancer": item.get("LoadBalancerName"), "scheme": item.get("Scheme"),
        "type": item.get("Type"),
        "listeners": field(
            answers, "DescribeListeners", lambda a: [_listener(one, answers) for one in a["Listeners"]]
        ),
    }  # fmt: skip


def _listener(one: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    actions = one.get("DefaultActions") or []
    return {
        "arn": one["ListenerArn"], "protocol": one.get("Protocol"), "port": one.get("Port"),
        "policy": one.get("SslPolicy"),
        "tls": field(answers, "DescribeSSLPolicies", lambda a: a[one["SslPolicy"]]) if one.get("SslPolicy") else [],
        "redirects_to": next(
            (action["RedirectConfig"].get("Protocol") for action in actions if action.get("Type") == "redirect"), None
        ),
    }  # fmt: skip


KINDS = (
    FactKind(
        "aws.elb.listeners", "Load balancer listeners and their TLS policies", _collect, _balancer_rows,
        actions(*_CALLS), can_be_empty=True,
    ),
)  # fmt: skip
