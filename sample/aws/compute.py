"""Instances with their encrypted volumes, snapshots and images."""

from __future__ import annotations

from typing import Any

from sample.aws.estate import Estate
from sample.aws.network import VPCS

FLEET = {
    "production": (("payments-api", 4), ("settlement-worker", 3), ("ledger", 3), ("reporting", 2), ("bastion", 1)),
    "sandbox": (("experiment", 3),),
}
REGIONS_OF = {"reporting": 1}  # those that run in the second region as well


def build_compute(estate: Estate) -> None:
    for region in estate.regions:
        estate.service("ec2", region).enable_ebs_encryption_by_default()
        for name, count in FLEET[estate.environment]:
            wanted = count if region == estate.home else count // 2
            for number in range(1, wanted + 1):
                instance(estate, region, f"{name}-{number}")
    ec2 = estate.service("ec2")
    for name in ("baseline-1", "baseline-2", "baseline-3")[: 3 if len(estate.regions) > 1 else 1]:
        image = ec2.register_image(name, "hardened image")
        image.launch_permissions.clear()
    for volume in list(ec2.volumes.values())[:10]:
        made = ec2.create_snapshot(volume.id, "nightly")
        ec2.create_tags([made.id], {"Name": f"nightly-{volume.id[-6:]}", "environment": estate.environment})


def instance(estate: Estate, region: str, name: str) -> Any:
    """A running instance with one encrypted disk that answers for its metadata by token only."""
    ec2 = estate.service("ec2", region)
    subnet = estate.beside["subnets"][region, VPCS[estate.environment][0]][0]
    tags = {"Name": name, "environment": estate.environment}
    key = estate.names[f"key:{region}:payments-data"]
    disk = {"VolumeSize": 40, "VolumeType": "gp3", "Encrypted": True, "KmsKeyId": key, "DeleteOnTermination": True}
    reservation = ec2.run_instances(
        "ami-0halyard000000001", 1, None, [], region_name=region, is_instance_type_default=False,
        instance_type="t3.medium", subnet_id=subnet, associate_public_ip=False, nics=[],
        block_device_mappings=[{"DeviceName": "/dev/sda1", "Ebs": disk}],
        metadata_options={"HttpTokens": "required", "HttpEndpoint": "enabled"},
        tags={"instance": tags, "volume": tags},
    )  # fmt: skip
    made = reservation.instances[0]
    estate.names[f"instance:{region}:{name}"] = estate.arn("ec2", f"instance/{made.id}", region)
    estate.beside["managed"].setdefault(region, []).append(made.id)
    return made
