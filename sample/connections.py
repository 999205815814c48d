"""The sample company's four connections."""

from __future__ import annotations

from dataclasses import dataclass

from sample.github.world import TOKEN as GITHUB_TOKEN

OKTA_TOKEN = "00halyardSampleTokenThatIsNoSecret"


@dataclass(frozen=True)
class Made:
    """A connection's form, filled in."""

    vendor: str
    name: str
    fields: dict[str, str]


CONNECTIONS: dict[str, Made] = {
    "aws-production": Made(
        "aws", "AWS production",
        {"role_arn": "arn:aws:iam::210987654321:role/FieldworkReadOnly", "regions": "eu-west-1,eu-central-1"},
    ),
    "aws-sandbox": Made(
        "aws", "AWS sandbox", {"role_arn": "arn:aws:iam::345678901234:role/FieldworkReadOnly", "regions": "eu-west-1"}
    ),
    "github": Made("github", "GitHub", {"organization": "halyard-payments", "token": GITHUB_TOKEN}),
    "okta": Made("okta", "Okta", {"org_url": "https://halyard.okta.com", "token": OKTA_TOKEN}),
}


def agreed_external_id(role_arn: str) -> str:
    """The ExternalId that the sample accounts' trust policies ask for: there the customer wrote down the one that we made."""
    account = role_arn.split(":")[4]
    return f"fw-{account[::-1]}-halyard"
