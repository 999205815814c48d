"""The sample company's AWS: two accounts, six months, one WSGI application."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sample.aws import beside, clockwork, defects
from sample.aws.access import build_access, keep_house
from sample.aws.compute import build_compute
from sample.aws.databases import build_databases
from sample.aws.estate import Estate
from sample.aws.gate import Gate
from sample.aws.network import build_network
from sample.aws.report import install
from sample.aws.storage import build_storage
from sample.aws.watchers import build_watchers
from sample.base import Clock, Planted
from sample.people import PEOPLE, Person

from moto.backends import get_backend  # isort: skip
from moto.moto_api._internal import mock_random, moto_api_backend  # isort: skip
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # isort: skip
from moto.securityhub.models import Finding  # isort: skip
from moto.sts.models import sts_backends  # isort: skip

PRODUCTION, SANDBOX = "aws-production", "aws-sandbox"


class AwsWorld:
    """Two accounts behind one WSGI application, at the time that `clock` says.

    moto keeps its state for the whole process: one world at a time. `planted` is the written list of defects; the
    story calls their `plant` and `mend`. With `defects=False` it is a world in which every check is met.
    """

    def __init__(self, clock: Clock, people: Iterable[Person] = PEOPLE, *, planted: bool = True) -> None:
        self.clock = clock
        self.people = tuple(people)
        self.estates = {
            PRODUCTION: _estate(PRODUCTION, "210987654321", ("eu-west-1", "eu-central-1"), "production"),
            SANDBOX: _estate(SANDBOX, "345678901234", ("eu-west-1",), "sandbox"),
        }
        self._lock = threading.RLock()
        self._settled: datetime | None = None
        moto_api_backend.reset()
        mock_random.seed("halyard")
        for service in _SERVICES:
            get_backend(service)  # type: ignore[call-overload]
        clockwork.wind(clock)
        for estate in self.estates.values():
            self._build(estate)
        self.planted: list[Planted] = defects.planted(self) if planted else []
        self.wsgi = Gate(self, DomainDispatcherApplication(create_backend_app))

    @property
    def credentials(self) -> dict[str, dict[str, Any]]:
        """For each connection, what its form holds: all of it configuration, none of it secret."""
        return {
            slug: {
                "config": {
                    "role_arn": estate.role_arn, "regions": ",".join(estate.regions),
                    "external_id": estate.external_id,
                },
                "secret": {},
            }
            for slug, estate in self.estates.items()
        }  # fmt: skip

    def settle(self) -> None:
        """Let happen what happens by itself up to the clock's time: joiners, leavers, rotations, findings."""
        if self._settled == self.clock.now:
            return
        with self._lock:
            if self._settled == self.clock.now:
                return
            for estate in self.estates.values():
                keep_house(estate, self.clock, self.people if estate.slug == PRODUCTION else ())
                found = beside.issues(estate, self.clock)
                estate.service("securityhub").findings = [Finding(one["Id"], one) for one in found]
            self._settled = self.clock.now

    def changed(self) -> None:
        """The story changed something: look again on the next call, also if no time has passed."""
        self._settled = None

    def estate_of(self, access_key: str) -> Estate | None:
        """The account whose role these keys were given out for."""
        for estate in self.estates.values():
            given = sts_backends[estate.account]["aws"].assumed_roles
            if any(role.access_key_id == access_key for role in given):
                return estate
        return None

    def trust_of(self, role_arn: str) -> str | None:
        """The trust policy of a role, or None where there is no such role."""
        for estate in self.estates.values():
            for role in estate.service("iam").get_roles():
                if role.arn == role_arn:
                    return str(role.assume_role_policy_document)
        return None

    def close(self) -> None:
        clockwork.stop()
        moto_api_backend.reset()

    def _build(self, estate: Estate) -> None:
        build_access(estate, self.clock)
        build_storage(estate, self.clock)
        build_network(estate, self.clock)
        build_compute(estate)
        build_databases(estate)
        build_watchers(estate)
        install(estate, self.clock)


_SERVICES = (
    "iam", "sts", "s3", "s3control", "kms", "ec2", "rds", "dynamodb", "elbv2", "acm", "logs", "cloudwatch",
    "cloudtrail", "config", "guardduty", "securityhub", "inspector2", "ssoadmin",
)  # fmt: skip


def _estate(slug: str, account: str, regions: tuple[str, ...], environment: str) -> Estate:
    external_id = f"fw-{account[::-1]}-halyard"
    return Estate(slug, account, regions, external_id, environment, beside=beside.fresh())
