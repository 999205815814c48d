"""What the scanners of the sample organisation find over the six months, and when it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sample.base import DAYS, Clock
from sample.github.repositories import REPOSITORIES, Repository

# Days within which the company mends what it finds; a little under what the checks allow.
_MENDED = {"critical": 5, "high": 24, "medium": 70, "low": 120}
_PACKAGES = (
    ("pip", "urllib3", "Proxy-Authorization header kept across hosts"),
    ("npm", "semver", "Regular expression denial of service"),
    ("maven", "com.fasterxml.jackson.core:jackson-databind", "Deserialization of untrusted data"),
    ("go", "golang.org/x/net", "HTTP/2 rapid reset"),
    ("rust", "rustls", "Endless loop on a close_notify"),
)
_RULES = (
    ("py/sql-injection", "SQL query built from user-controlled sources"),
    ("js/xss", "Client-side cross-site scripting"),
    ("go/path-injection", "Uncontrolled data used in a path expression"),
    ("java/weak-cryptographic-algorithm", "Use of a broken or risky cryptographic algorithm"),
)
_SECRETS = (("stripe_test_secret_key", "Stripe Test API Secret Key"), ("slack_api_token", "Slack API Token"))


@dataclass(frozen=True)
class Alert:
    """One alert of one scanner: dependabot, code or secret. With `flaw` it exists, open, only once that is planted."""

    scanner: str
    repository: Repository
    number: int
    severity: str
    about: tuple[str, ...]
    created_at: datetime
    closed_at: datetime | None = None
    flaw: str = ""

    @property
    def resource(self) -> str:
        return f"alert:{self.repository.full_name}#{self.number}"

    def state(self, now: datetime) -> str:
        closed = self.closed_at is not None and self.closed_at <= now
        return {"secret": "resolved"}.get(self.scanner, "fixed") if closed else "open"


def find(clock: Clock) -> list[Alert]:
    """Every sound alert of the story, each mended in time."""
    random = Random(77)
    scanned = [r for r in REPOSITORIES if r.decision == "in" and r.language not in ("YAML", "HCL")]
    numbers: dict[tuple[str, str], int] = {}
    found = []
    for scanner, count, choices in (("dependabot", 46, _PACKAGES), ("code", 16, _RULES), ("secret", 5, _SECRETS)):
        for index in range(count):
            repository, about = random.choice(scanned), random.choice(choices)
            severity = random.choices(("critical", "high", "medium", "low"), (1, 4, 5, 3))[0]
            number = numbers[scanner, repository.name] = numbers.get((scanner, repository.name), 0) + 1
            raised = clock.at(int(index * DAYS / count)) - timedelta(hours=random.randint(1, 20))
            within = 1 if scanner == "secret" else _MENDED[severity]
            closed = raised + timedelta(hours=random.randint(6, within * 24))
            found.append(Alert(scanner, repository, number, severity, about, raised, closed))
    return found


def planted(clock: Clock) -> list[Alert]:
    """The two that nobody mends: numbers well above the others, so that they never meet."""
    by_name = {r.name: r for r in REPOSITORIES}
    return [
        Alert(
            "dependabot", by_name["bank-connectors"], 51, "critical", _PACKAGES[2], clock.at(150), flaw="old-critical"
        ),
        Alert("secret", by_name["webhook-gateway"], 31, "critical", _SECRETS[1], clock.at(170), flaw="open-secret"),
    ]
