"""Defects of identity and access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.aws.access import role, trusting
from sample.aws.changes import defect, doing, nothing, setting
from sample.aws.estate import Estate, policy
from sample.base import Clock, Planted
from sample.people import Person, by_email

if TYPE_CHECKING:
    from sample.aws.world import AwsWorld

LEAVER = by_email("gaurav.deshpande@halyard.example")
LATE_LEAVER, REMOVED = by_email("piotr.zielinski@halyard.example"), 110


def planted(world: AwsWorld) -> list[Planted]:
    production, sandbox = world.estates["aws-production"], world.estates["aws-sandbox"]
    return [*_credentials(production, world.clock), *_root(production, world.clock),
            *_policies(production, sandbox), *_leavers(production)]  # fmt: skip


def _user(estate: Estate, name: str) -> str:
    return f"arn:aws:iam::{estate.account}:user/{name}"


def _credentials(estate: Estate, clock: Clock) -> list[Planted]:
    iam = estate.service("iam")
    estate.beside["fixed_credentials"]["log-shipper"] = {"rotated": clock.at(64 - 91)}
    estate.beside["fixed_credentials"]["eskil.brannstrom"] = {"used": clock.at(130 - 91)}
    return [
        defect(
            estate, "old-key", (64, None), "aws.iam.key_rotation_90d",
            f"{_user(estate, 'log-shipper')}/access-key-1",
            "The log shipper's access key was forgotten by the rotation job and grew older than 90 days.", nothing(),
        ),
        defect(
            estate, "idle-key", (130, None), "aws.iam.unused_credentials", _user(estate, "eskil.brannstrom"),
            "A security engineer has not used his access key for over 90 days, and it is still active.", nothing(),
        ),
        defect(
            estate, "admin-without-mfa", (101, None), "aws.iam.user_console_mfa", _user(estate, "niamh.gallagher"),
            "An administrator was given a console password, without a second factor.",
            setting(lambda: iam.users["niamh.gallagher"], "password", "set in a hurry"),
        ),
        defect(
            estate, "beside-identity-center", (101, None), "aws.sso.no_passwords", _user(estate, "niamh.gallagher"),
            "The same password goes around Identity Center.", nothing(),
        ),
    ]  # fmt: skip


def _root(estate: Estate, clock: Clock) -> list[Planted]:
    root, summary = estate.beside["root"], estate.service("iam").account_summary

    def make() -> None:
        root.update(key_made=clock.now, used=clock.now)
        summary._account_access_keys_present = 1

    def remove() -> None:
        root.update(key_made=None)
        summary._account_access_keys_present = 0

    return [
        defect(
            estate, "root-key", (140, 149), "aws.iam.root_no_access_keys", estate.region_name(),
            "The root user was given an access key for a billing script, for nine days.", doing(make, remove),
        ),
        defect(
            estate, "root-used", (140, None), "aws.iam.root_not_used", estate.region_name(),
            "Somebody signed in as root to make that key.", nothing(),
        ),
    ]  # fmt: skip


def _policies(production: Estate, sandbox: Estate) -> list[Planted]:
    iam, name = sandbox.service("iam"), "temporary-everything"
    arn = f"arn:aws:iam::{sandbox.account}:policy/{name}"
    everything = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    outside = f"arn:aws:iam::{production.account}:role/cost-optimiser"
    return [
        defect(
            sandbox, "allows-everything", (5, None), "aws.iam.no_admin_star", arn,
            "A policy that allows everything was made for a trial and stayed.",
            doing(lambda: iam.create_policy("", "/", everything, name, [])),
        ),
        defect(
            production, "confused-deputy", (66, None), "aws.iam.external_trust", outside,
            "A cost-saving service's account may assume a role of ours, without an ExternalId.",
            doing(lambda: role(production, "cost-optimiser", trusting("555566667777", ""), ("ViewOnlyAccess",))),
        ),
    ]  # fmt: skip


def _leavers(estate: Estate) -> list[Planted]:
    """They work until the last day given; an account may stand a day longer."""
    return [
        _leaver(estate, "leaver", LEAVER, None, "A platform engineer left, and his IAM user is still there nine days on."),
        _leaver(estate, "leaver-late", LATE_LEAVER, REMOVED, "Another engineer's IAM user was removed a fortnight after he left."),
    ]


def _leaver(estate: Estate, id: str, person: Person, until: int | None, title: str) -> Planted:
    assert person.aws is not None
    assert person.end_day is not None
    estate.beside["kept_users"][person.aws] = until
    return defect(
        estate, id, (person.end_day + 2, until), "aws.iam.user_linked_to_worker", _user(estate, person.aws), title, nothing()
    )
