"""What a connection to AWS tells the scope register: the account, the regions in use there, and the databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evidence.checks.base import Row
from evidence.collectors.base import Discovery

#: What shows that a region is in use: something of ours runs or is kept there. Networks do not, for every region has one.
_IN_USE = ("aws.ec2.instances", "aws.rds.instances", "aws.dynamodb.tables", "aws.elb.listeners", "aws.s3.buckets")


def discover(rows: Mapping[str, Sequence[Row]]) -> list[Discovery]:
    """Discoveries from collected rows; a row that could not be read discovers nothing."""
    return [*_accounts(rows), *_regions(rows), *_databases(rows)]


def _accounts(rows: Mapping[str, Sequence[Row]]) -> list[Discovery]:
    """Every account that is looked at or ought to be: one that lets nobody in is there all the same."""
    regions = [row for row in rows.get("aws.account.regions", ()) if row.get("collected")]
    listed = [row for row in rows.get("aws.organization.accounts", ()) if row.get("looked_at")]
    called = {str(row["account"]): str(row.get("name") or "") for row in listed}
    named = [*listed, *(regions or rows.get("aws.iam.account_summary", ()))]
    found = []
    for account in sorted({str(row["account"]) for row in named if row.get("account")}):
        looked_at = sorted({str(row["name"]) for row in regions if row["account"] == account})
        label = f"AWS account {called[account]} ({account})" if called.get(account) else f"AWS account {account}"
        found.append(Discovery("account", account, label, {"vendor": "aws", "regions": looked_at}))
    return found


def _regions(rows: Mapping[str, Sequence[Row]]) -> list[Discovery]:
    used = {
        (row["account"], row["region"])
        for kind in _IN_USE for row in rows.get(kind, ())
        if "$unknown" not in row and isinstance(row.get("region"), str) and row["region"] and row.get("account")
    }  # fmt: skip
    return [
        Discovery("location", f"{account}/{region}", f"AWS {region}, account {account}", {"vendor": "aws", "account": account})
        for account, region in sorted(used)
    ]


def _databases(rows: Mapping[str, Sequence[Row]]) -> list[Discovery]:
    found = []
    for kind, engine in (("aws.rds.instances", None), ("aws.dynamodb.tables", "dynamodb")):
        for row in rows.get(kind, ()):
            if "$unknown" in row or not row.get("arn"):
                continue
            tags = row.get("tags") or {}
            detail = {
                "vendor": "aws", "account": row["account"], "region": row["region"],
                "engine": engine or row.get("engine"), "environment": tags.get("environment", ""),
            }  # fmt: skip
            found.append(Discovery("database", str(row["arn"]), str(row.get("name") or row["arn"]), detail))
    return found
