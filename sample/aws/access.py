"""IAM of the sample accounts: who has a user, the groups and roles, and the keys that are rotated in time.

People sign in through Identity Center; their IAM users hold a key for the command line and no password.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sample.aws.estate import PLATFORM, Estate, pairs, policy
from sample.base import Clock
from sample.people import Person

from moto.iam import models as iam_models  # isort: skip
from moto.iam.aws_managed_policies import aws_managed_policies_data  # isort: skip

#: Keys are renewed by a job before they are this old, in days.
ROTATED_EVERY = 60
MANAGED = ("AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess")
GROUPS = {
    "Security": "security", "IT": "it-operations", "Platform Engineering": "platform",
    "Payments Engineering": "developers", "Product Engineering": "developers", "Data": "data",
}  # fmt: skip
ADMINISTRATORS = ("lucia.echeverria", "niamh.gallagher", "hamza.benali")
SERVICE_USERS = ("ci-deployer", "backup-agent", "log-shipper", "dns-sync")
EMERGENCY = ("break-glass-1", "break-glass-2")


def build_access(estate: Estate, clock: Clock) -> None:
    """The account's policies, groups and roles, its root user, and what stands whoever works here."""
    iam = estate.service("iam")
    _managed_policies(estate)
    iam.account_summary._account_mfa_enabled = 1
    iam.credential_report = True
    iam.update_account_password_policy(False, 0, 0, 16, 24, True, True, True, True)
    iam.create_account_alias(estate.slug.replace("aws-", "halyard-"))
    for group, attached in (
        ("administrators", "AdministratorAccess"), ("platform", "PowerUserAccess"), ("security", "SecurityAudit"),
        ("developers", "ViewOnlyAccess"), ("data", "ReadOnlyAccess"), ("it-operations", "ViewOnlyAccess"),
    ):  # fmt: skip
        iam.create_group(group)
        iam.attach_group_policy(estate.names[f"managed:{attached}"], group)
    _own_policies(estate)
    _roles(estate)
    for name in SERVICE_USERS if estate.environment == "production" else SERVICE_USERS[:1]:
        _user(estate, clock, name, {"kind": "service", "team": "Platform Engineering"}, ())
    for name in EMERGENCY if estate.environment == "production" else ():
        user = _user(estate, clock, name, {"kind": "service", "break-glass": "true"}, ("administrators",), key=False)
        user.password = "in the safe"
        _second_factor(estate, name)


def keep_house(estate: Estate, clock: Clock, people: Iterable[Person]) -> None:
    """What happens by itself up to the clock's time: joiners get users, leavers lose them, keys are renewed."""
    iam, kept = estate.service("iam"), estate.beside["kept_users"]  # by name, up to which day; None: for good
    for person in people:
        if person.aws is None:
            continue
        if person.employed(clock.day) and person.aws not in iam.users:
            _person(estate, person, clock)
        elif not person.employed(clock.day) and person.aws in iam.users and not _is_kept(kept, person.aws, clock.day):
            for key in list(iam.users[person.aws].access_keys):
                iam.delete_access_key(key.access_key_id, person.aws)
            for group in iam.groups.values():
                group.users = [user for user in group.users if user.name != person.aws]
            iam.delete_user(person.aws)
    for user in iam.users.values():
        _use(estate, user, clock)


def _is_kept(kept: dict[str, int | None], name: str, day: int) -> bool:
    if name not in kept:
        return False
    until = kept[name]
    return until is None or day < until


def _person(estate: Estate, person: Person, clock: Clock) -> None:
    assert person.aws is not None
    groups = [GROUPS.get(person.team, "developers")] + (["administrators"] if person.aws in ADMINISTRATORS else [])
    user = _user(estate, clock, person.aws, {"email": person.email, "team": person.team}, groups)
    user.create_date = _naive(clock.at(max(person.start_day, -900)))


def _user(
    estate: Estate, clock: Clock, name: str, tags: dict[str, str], groups: Iterable[str], *, key: bool = True
) -> Any:
    iam = estate.service("iam")
    user = iam.create_user(estate.home, name, tags=pairs(tags))
    for group in groups:
        iam.add_user_to_group(group, name)
    user.create_date = _naive(clock.start - timedelta(days=800))
    if key:
        iam.create_access_key(name)
    return user


def _second_factor(estate: Estate, name: str) -> None:
    iam = estate.service("iam")
    device = iam.create_virtual_mfa_device(name, "/")
    iam.enable_mfa_device(name, device.serial_number, "123456", "654321")


def _use(estate: Estate, user: Any, clock: Clock) -> None:
    """The age and last use of a user's credentials on this day; who is told otherwise by the story stays so."""
    fixed = {
        what: when for what, when in estate.beside["fixed_credentials"].get(user.name, {}).items() if when <= clock.now
    }
    phase = sum(map(ord, user.name)) % ROTATED_EVERY  # each on its own day, so that not all are renewed at once
    since = (clock.now - clock.start).days + phase
    if user.password:
        tested = clock.now - timedelta(days=since % ROTATED_EVERY)
        user.password_last_used = _naive(tested)
    for key in user.access_keys:
        rotated = fixed.get("rotated", clock.now - timedelta(days=since % ROTATED_EVERY, hours=3))
        used = fixed.get("used", clock.now - timedelta(hours=9 + phase % 40))
        key.create_date = _naive(rotated)
        used = used if "used" in fixed else max(used, rotated)
        key.last_used = iam_models.AccessKeyLastUsed(_naive(used), "ec2", estate.home)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _managed_policies(estate: Estate) -> None:
    """The few policies of Amazon's that are used here; all thousand would take longer to load than the rest."""
    iam, known = estate.service("iam"), json.loads(aws_managed_policies_data)
    for name in MANAGED:
        made = iam_models.AWSManagedPolicy.from_data(name, estate.account, estate.home, known[name])
        iam.managed_policies[made.arn] = made
        iam.aws_managed_policies.append(made)
        estate.names[f"managed:{name}"] = made.arn


def _own_policies(estate: Estate) -> None:
    iam = estate.service("iam")
    for name, actions in (
        ("deploy-services", ["ecs:UpdateService", "ecs:RegisterTaskDefinition", "iam:PassRole"]),
        ("write-backups", ["s3:PutObject", "kms:GenerateDataKey"]), ("ship-logs", ["logs:PutLogEvents"]),
        ("read-ledger-exports", ["s3:GetObject", "s3:ListBucket"]), ("rotate-own-keys", ["iam:*AccessKey*"]),
        ("sync-dns", ["route53:ChangeResourceRecordSets"]), ("run-queries", ["athena:*", "glue:Get*"]),
    ):  # fmt: skip
        resource = "*" if name != "rotate-own-keys" else "arn:aws:iam::*:user/${aws:username}"
        document = policy({"Effect": "Allow", "Action": actions, "Resource": resource})
        iam.create_policy("", "/", document, name, pairs({"environment": estate.environment}))


def _roles(estate: Estate) -> None:
    for name, service in (
        ("payments-api-task", "ecs-tasks.amazonaws.com"), ("settlement-worker-task", "ecs-tasks.amazonaws.com"),
        ("ledger-task", "ecs-tasks.amazonaws.com"), ("nightly-reconciliation", "lambda.amazonaws.com"),
        ("webhook-fanout", "lambda.amazonaws.com"), ("instance-baseline", "ec2.amazonaws.com"),
        ("rds-monitoring", "monitoring.rds.amazonaws.com"), ("config-recorder", "config.amazonaws.com"),
        ("backup-service", "backup.amazonaws.com"), ("flow-log-delivery", "vpc-flow-logs.amazonaws.com"),
    ):  # fmt: skip
        role(estate, name, {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})
    role(
        estate, "github-deploy",
        {
            "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": estate_oidc(estate)},
            "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:halyard-payments/*"}},
        },
    )  # fmt: skip
    role(estate, "FieldworkReadOnly", trusting(PLATFORM, estate.external_id), attach=("SecurityAudit",))
    role(estate, "uptime-probe", trusting("464622532012", "b4b0c7e2-halyard"), attach=("ViewOnlyAccess",))
    if estate.environment != "production":
        inside = {"StringEquals": {"aws:PrincipalOrgID": "o-halyard1234"}}
        statement = {**trusting("210987654321", ""), "Condition": inside}
        role(estate, "OrganizationAccountAccessRole", statement, attach=("AdministratorAccess",))


def estate_oidc(estate: Estate) -> str:
    return f"arn:aws:iam::{estate.account}:oidc-provider/token.actions.githubusercontent.com"


def trusting(account: str, external_id: str) -> dict[str, Any]:
    """A trust statement for another account, with an ExternalId where one is given."""
    condition = {"Condition": {"StringEquals": {"sts:ExternalId": external_id}}} if external_id else {}
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **condition}


def role(estate: Estate, name: str, statement: dict[str, Any], attach: tuple[str, ...] = ()) -> Any:
    iam = estate.service("iam")
    made = iam.create_role(name, policy(statement), "/", None, "", pairs({"environment": estate.environment}), "3600")
    for attached in attach:
        iam.attach_role_policy(estate.names[f"managed:{attached}"], name)
    estate.names[f"role:{name}"] = made.arn
    return made
