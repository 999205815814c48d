"""The credential report as AWS writes it: with the root user, which moto's own leaves out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sample.aws.estate import Estate
from sample.base import Clock

_HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
    "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)
#: What moto puts for the time of every report.
MOTO_TIME = b"2015-02-02T20:02:02Z"


def install(estate: Estate, clock: Clock) -> None:
    """Have moto's IAM of this account answer with our report."""
    estate.service("iam").get_credential_report = lambda: write(estate, clock)


def write(estate: Estate, clock: Clock) -> str:
    users = estate.service("iam").users.values()
    return "\n".join([_HEADER, _root(estate, clock), *(_line(user) for user in users)]) + "\n"


def _root(estate: Estate, clock: Clock) -> str:
    root = estate.beside["root"]
    key = ["true", _time(root["key_made"]), "N/A", "N/A", "N/A"] if root["key_made"] else _no_key()
    used = _time(root["used"]) if root["used"] else "no_information"
    born = _time(clock.start - timedelta(days=2400))
    arn = f"arn:aws:iam::{estate.account}:root"
    return ",".join(
        ["<root_account>", arn, born, "not_supported", used, "not_supported", "not_supported", "true",
         *key, *_no_key(), "false", "N/A", "false", "N/A"]
    )  # fmt: skip


def _line(user: Any) -> str:
    keys = [_key(key) for key in user.access_keys[:2]]
    keys += [_no_key()] * (2 - len(keys))
    enabled = bool(user.password)
    used = _time(user.password_last_used) if enabled and user.password_last_used else "no_information"
    return ",".join(
        [user.name, user.arn, _time(user.create_date), str(enabled).lower(), used if enabled else "N/A",
         _time(user.create_date) if enabled else "N/A", "N/A", str(bool(user.mfa_devices)).lower(),
         *keys[0], *keys[1], "false", "N/A", "false", "N/A"]
    )  # fmt: skip


def _key(key: Any) -> list[str]:
    used = key.last_used
    return [
        str(key.status == "Active").lower(), _time(key.create_date), _time(used.timestamp) if used else "N/A",
        used.region if used else "N/A", used.service if used else "N/A",
    ]  # fmt: skip


def _no_key() -> list[str]:
    return ["false", "N/A", "N/A", "N/A", "N/A"]


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
