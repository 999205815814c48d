"""VPCs with flow logs, security groups, load balancers and the certificates on them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sample.aws.certificates import certificate
from sample.aws.estate import Estate, pairs
from sample.base import Clock

TLS_NOW, TLS_OLD = "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08"
VPCS = {"production": ("payments", "analytics"), "sandbox": ("playground",)}
GROUPS = (
    ("edge-https", "tcp", 443, 443, "0.0.0.0/0"), ("edge-http-redirect", "tcp", 80, 80, "0.0.0.0/0"),
    ("services", "tcp", 8080, 8099, "10.0.0.0/8"), ("database", "tcp", 5432, 5432, "10.0.0.0/8"),
    ("cache", "tcp", 6379, 6379, "10.0.0.0/8"), ("bastion", "tcp", 22, 22, "10.20.0.0/16"),
)  # fmt: skip
BALANCERS = {
    "production": ("payments-api", "customer-portal", "partner-gateway", "webhooks", "docs", "internal-admin"),
    "sandbox": ("playground",),
}
DOMAIN = "halyard.example"


def build_network(estate: Estate, clock: Clock) -> None:
    for region in estate.regions:
        _without_default(estate, region)
        for number, name in enumerate(VPCS[estate.environment]):
            vpc(estate, region, name, f"10.{20 + number}.0.0/16")
    _balancers(estate, clock)


def vpc(estate: Estate, region: str, name: str, block: str, *, flow_logs: bool = True) -> Any:
    """A VPC with three subnets, its groups, its default group closed, and its traffic written to the log bucket."""
    ec2 = estate.service("ec2", region)
    made = ec2.create_vpc(block, tags=pairs({"Name": name, "environment": estate.environment}))
    close_default(estate, region, made.id)
    prefix = block.rsplit(".", 2)[0]
    zones = [f"{region}{letter}" for letter in "abc"]
    subnets = [ec2.create_subnet(made.id, f"{prefix}.{n}.0/24", availability_zone=z).id for n, z in enumerate(zones)]
    for group, protocol, low, high, source in GROUPS:
        found = ec2.create_security_group(f"{name}-{group}", group, vpc_id=made.id)
        ec2.authorize_security_group_ingress(found.id, protocol, str(low), str(high), [{"CidrIp": source}])
        estate.names[f"group:{region}:{name}-{group}"] = estate.arn("ec2", f"security-group/{found.id}", region)
    if flow_logs:
        destination = f"arn:aws:s3:::halyard-{estate.environment}-flow-logs"
        if estate.environment != "production":
            destination = f"arn:aws:s3:::halyard-{estate.environment}-access-logs"
        ec2.create_flow_logs("VPC", [made.id], "ALL", None, "s3", destination, None, None, 600)
    estate.names[f"vpc:{region}:{name}"] = estate.arn("ec2", f"vpc/{made.id}", region)
    estate.beside["subnets"][region, name] = subnets
    return made


def close_default(estate: Estate, region: str, vpc_id: str) -> None:
    ec2 = estate.service("ec2", region)
    group = ec2.get_security_group_from_name("default", vpc_id=vpc_id)
    group.ingress_rules.clear()
    group.egress_rules.clear()
    estate.names[f"default-group:{vpc_id}"] = estate.arn("ec2", f"security-group/{group.id}", region)


def _without_default(estate: Estate, region: str) -> None:
    """The company removed AWS's default VPC from every region."""
    ec2 = estate.service("ec2", region)
    for id in [one.id for one in ec2.vpcs.values() if one.is_default]:
        del ec2.vpcs[id]
        ec2.groups.pop(id, None)
        for zone in ec2.subnets.values():
            for subnet in [one.id for one in zone.values() if one.vpc_id == id]:
                del zone[subnet]


def _balancers(estate: Estate, clock: Clock) -> None:
    elb, region = estate.service("elbv2"), estate.home
    subnets = estate.beside["subnets"][region, VPCS[estate.environment][0]]
    for name in BALANCERS[estate.environment]:
        cert = certificate(estate, f"{name}.{DOMAIN}", ends=lambda: _renewed(clock))
        scheme = "internal" if name.startswith("internal") else "internet-facing"
        made = elb.create_load_balancer(
            name, [], subnets, scheme=scheme, loadbalancer_type="application",
            tags=pairs({"environment": estate.environment}),
        )  # fmt: skip
        refuse = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
        listener = elb.create_listener(made.arn, "HTTPS", "443", TLS_NOW, cert, [refuse])
        elb.create_listener(made.arn, "HTTP", "80", None, None, [_to_https()])
        estate.names[f"listener:{name}"] = listener.arn
    certificate(estate, f"old.{DOMAIN}", ends=lambda: clock.start + timedelta(days=20), in_use=False)


def _to_https() -> dict[str, Any]:
    return {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}


def _renewed(clock: Clock) -> datetime:
    """Certificates validated by DNS are renewed by AWS sixty days before they end."""
    return clock.now + timedelta(days=61 + (clock.now - clock.start).days % 90)
