"""Defects of data, network and databases: what is open, unencrypted or without a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sample.aws.changes import defect, doing, nothing, setting
from sample.aws.estate import Estate
from sample.aws.network import TLS_OLD, certificate, vpc
from sample.aws.storage import bucket_name, tls_only
from sample.base import Clock, Planted

if TYPE_CHECKING:
    from sample.aws.world import AwsWorld

SECOND = "eu-central-1"


def planted(world: AwsWorld) -> list[Planted]:
    production, sandbox = world.estates["aws-production"], world.estates["aws-sandbox"]
    return [
        *_buckets(production), *_disks(production, sandbox), *_network(production, sandbox),
        *_databases(production), *_edge(production, world.clock),
    ]  # fmt: skip


def _buckets(estate: Estate) -> list[Planted]:
    s3, control, names = estate.service("s3").buckets, estate.service("s3control"), estate.names
    exports = bucket_name(estate, "partner-exports")
    open_to_all = {
        "Sid": "PartnerRead", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{exports}/*",
    }  # fmt: skip

    def publish() -> None:
        s3[exports].public_access_block = None
        s3[exports].policy = tls_only(exports, open_to_all).encode()

    def bucket(purpose: str) -> Any:
        return s3[bucket_name(estate, purpose)]

    plain = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}
    return [
        defect(
            estate, "account-block-off", (118, None), "aws.s3.account_bpa", estate.region_name(),
            "The account's block on public buckets was taken off for an export and never put back.",
            setting(lambda: control, "public_access_block", None),
        ),
        defect(
            estate, "public-bucket", (120, None), "aws.s3.bucket_not_public", names["bucket:partner-exports"],
            "The bucket of partner exports, customers' data in it, can be read by everybody.", doing(publish),
        ),
        defect(
            estate, "plain-http", (48, None), "aws.s3.tls_only", names["bucket:support-attachments"],
            "The bucket of support attachments lost its policy and accepts plain HTTP.",
            setting(lambda: bucket("support-attachments"), "policy", None),
        ),
        defect(
            estate, "weak-encryption", (58, 110), "aws.s3.encryption", names["bucket:customer-uploads"],
            "Customers' uploads were encrypted without a key of ours.",
            setting(lambda: bucket("customer-uploads"), "encryption", plain),
        ),
        defect(
            estate, "kept-for-ever", (72, None), "aws.s3.lifecycle", names["bucket:kyc-archive"],
            "Nothing removes identity documents from the archive any more.",
            setting(lambda: bucket("kyc-archive"), "rules", []),
        ),
        defect(
            estate, "no-versions", (127, None), "aws.s3.versioning", names["bucket:database-backups"],
            "Versioning was suspended on the bucket of database backups.",
            setting(lambda: bucket("database-backups"), "versioning_status", "Suspended"),
        ),
    ]  # fmt: skip


def _disks(production: Estate, sandbox: Estate) -> list[Planted]:
    ec2, archive = production.service("ec2", SECOND), production.names["key:eu-west-1:payments-archive"]
    disk = _shelved_disk(production)
    snapshot = list(production.service("ec2").snapshots.values())[-1]
    experiment = sandbox.names["instance:eu-west-1:experiment-2"]
    return [
        defect(
            production, "archive-key", (0, None), "aws.kms.rotation", archive,
            "The key of the payments archive has never rotated.",
            setting(lambda: production.service("kms").keys[archive.rsplit("/", 1)[-1]], "key_rotation_status", False),
        ),
        defect(
            production, "no-default-encryption", (52, 59), "aws.ec2.ebs_default_encryption",
            production.region_name(SECOND), "New disks in Frankfurt were not encrypted by default, for a week.",
            doing(ec2.disable_ebs_encryption_by_default, ec2.enable_ebs_encryption_by_default),
        ),
        defect(
            production, "plain-disk", (55, None), "aws.ec2.volumes_encrypted",
            production.arn("ec2", f"volume/{disk.id}", SECOND),
            "A disk made in that week is not encrypted, and is in use.",
            doing(lambda: ec2.volumes.update({disk.id: disk})),
        ),
        defect(
            production, "public-snapshot", (112, 117), "aws.ec2.snapshot_not_public",
            production.arn("ec2", f"snapshot/{snapshot.id}"), "A nightly snapshot was shared with everybody.",
            doing(lambda: snapshot.create_volume_permission_groups.add("all"),
                  snapshot.create_volume_permission_groups.clear),
        ),
        defect(
            sandbox, "metadata-v1", (15, None), "aws.ec2.imdsv2", experiment,
            "An experiment's machine gives its role's keys to any forged request.",
            setting(lambda: _instance(sandbox, experiment).metadata_options, "http_tokens", "optional"),
        ),
    ]  # fmt: skip


def _shelved_disk(estate: Estate) -> Any:
    """An unencrypted disk on a machine in Frankfurt, not yet to be seen."""
    ec2 = estate.service("ec2", SECOND)
    machine = _instance(estate, estate.names[f"instance:{SECOND}:reporting-1"])
    disk = ec2.create_volume(100, f"{SECOND}a")
    disk.encrypted, disk.kms_key_id = False, None
    ec2.create_tags([disk.id], {"Name": "reporting-scratch", "environment": estate.environment})
    ec2.attach_volume(disk.id, machine.id, "/dev/sdf")
    return ec2.volumes.pop(disk.id)


def _instance(estate: Estate, arn: str) -> Any:
    return estate.service("ec2", arn.split(":")[3]).get_instance(arn.rsplit("/", 1)[-1])


def _network(production: Estate, sandbox: Estate) -> list[Planted]:
    ec2, playground = production.service("ec2", SECOND), sandbox.service("ec2")
    bastion = production.names[f"group:{SECOND}:analytics-bastion"]
    rule = (bastion.rsplit("/", 1)[-1], "tcp", "22", "22", [{"CidrIp": "0.0.0.0/0"}])
    default = sandbox.names["default-group:" + sandbox.names["vpc:eu-west-1:playground"].rsplit("/", 1)[-1]]
    open_default = (default.rsplit("/", 1)[-1], "tcp", "8080", "8080", [{"CidrIp": "10.0.0.0/8"}])
    new, new_groups = _shelved_vpc(production)
    return [
        defect(
            production, "ssh-to-the-world", (40, 75), "aws.ec2.sg_no_admin_world", bastion,
            "The bastion in Frankfurt could be reached on port 22 from everywhere.",
            doing(lambda: ec2.authorize_security_group_ingress(*rule),
                  lambda: ec2.revoke_security_group_ingress(*rule)),
        ),
        defect(
            sandbox, "open-default-group", (30, 90), "aws.ec2.default_sg_closed", default,
            "Somebody put a rule into the default security group of the playground.",
            doing(lambda: playground.authorize_security_group_ingress(*open_default),
                  lambda: playground.revoke_security_group_ingress(*open_default)),
        ),
        defect(
            production, "unwatched-vpc", (95, None), "aws.vpc.flow_logs", production.names[f"vpc:{SECOND}:migration"],
            "A new VPC in Frankfurt was made without flow logs.",
            doing(lambda: (ec2.vpcs.update({new.id: new}), ec2.groups.update({new.id: new_groups}))),
        ),
    ]  # fmt: skip


def _shelved_vpc(estate: Estate) -> tuple[Any, Any]:
    """A VPC without flow logs in Frankfurt, not yet to be seen."""
    ec2 = estate.service("ec2", SECOND)
    made = vpc(estate, SECOND, "migration", "10.60.0.0/16", flow_logs=False)
    return ec2.vpcs.pop(made.id), ec2.groups.pop(made.id)


def _databases(estate: Estate) -> list[Planted]:
    rds, dynamodb, names = estate.service("rds"), estate.service("dynamodb"), estate.names

    def share(added: list[str], removed: list[str]) -> Any:
        return lambda: rds.modify_db_snapshot_attribute("before-upgrade-customers", "restore", added, removed)

    def recovery(on: bool) -> Any:
        return lambda: dynamodb.update_continuous_backups("card-tokens", {"PointInTimeRecoveryEnabled": on})

    return [
        defect(
            estate, "public-database-snapshot", (70, 84), "aws.rds.snapshots_not_public", names["db-snapshot:customers"],
            "A snapshot of the customers' database was shared with everybody for two weeks.",
            doing(share(["all"], []), share([], ["all"])),
        ),
        defect(
            estate, "no-backups", (88, None), "aws.rds.backups", names["database:reporting"],
            "Backups of the reporting database were switched off to save money.",
            setting(lambda: rds.databases["reporting-production"], "backup_retention_period", 0),
        ),
        defect(
            estate, "one-zone", (98, None), "aws.rds.multi_az", names["database:identity"],
            "The identity database serves production from one zone.",
            setting(lambda: rds.databases["identity-production"], "multi_az", False),
        ),
        defect(
            estate, "no-recovery", (81, None), "aws.dynamodb.pitr", names["table:card-tokens"],
            "The table of card tokens cannot be restored to a point in time.", doing(recovery(False), recovery(True)),
        ),
        defect(
            estate, "failed-backup", (150, 156), "aws.backup.jobs", names["database:disputes"],
            "Backups of the disputes database failed for six days, for want of a key.",
            doing(lambda: estate.beside["failing_backups"].add(names["database:disputes"]),
                  estate.beside["failing_backups"].clear),
        ),
    ]  # fmt: skip


def _edge(estate: Estate, clock: Clock) -> list[Planted]:
    elb, arn = estate.service("elbv2"), estate.names["listener:partner-gateway"]
    ending = certificate(estate, "status.halyard.example", ends=lambda: clock.at(160 + 30))
    return [
        defect(
            estate, "old-tls", (33, None), "aws.elb.tls", arn,
            "The partner gateway speaks TLS 1.0 again, for one old partner.",
            setting(lambda: elb.load_balancers[arn_of_balancer(arn)].listeners[arn], "ssl_policy", TLS_OLD),
        ),
        defect(
            estate, "ending-certificate", (160, None), "aws.acm.expiry", ending,
            "The status page's certificate ends within a month and cannot renew itself.", nothing(),
        ),
    ]  # fmt: skip


def arn_of_balancer(listener: str) -> str:
    return listener.replace(":listener/", ":loadbalancer/").rsplit("/", 1)[0]
