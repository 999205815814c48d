"""Databases and tables, with their backups."""

from __future__ import annotations

from sample.aws.estate import Estate, pairs

INSTANCES = {
    "production": ("ledger", "payments", "customers", "reporting", "disputes", "identity"),
    "sandbox": ("playground",),
}
TABLES = {
    "production": ("sessions", "idempotency-keys", "rate-limits", "webhook-deliveries", "feature-flags", "risk-scores",
                   "audit-cursor", "card-tokens"),
    "sandbox": ("experiments", "feature-flags"),
}  # fmt: skip


def build_databases(estate: Estate) -> None:
    rds, production = estate.service("rds"), estate.environment == "production"
    for name in INSTANCES[estate.environment]:
        made = rds.create_db_instance(
            {
                "db_instance_identifier": f"{name}-{estate.environment}", "db_instance_class": "db.r6g.large",
                "engine": "postgres", "engine_version": "16.4", "allocated_storage": 200, "master_username": "admin",
                "master_user_password": "held-elsewhere", "backup_retention_period": 14, "multi_az": production,
                "publicly_accessible": False, "storage_encrypted": True, "deletion_protection": True,
                "vpc_security_group_ids": ["sg-database"], "tags": pairs({"environment": estate.environment}),
            }
        )  # fmt: skip
        estate.names[f"database:{name}"] = made.db_instance_arn
        snapshot = rds.create_db_snapshot(f"{name}-{estate.environment}", f"before-upgrade-{name}")
        estate.names[f"db-snapshot:{name}"] = snapshot.db_snapshot_arn
    for name in TABLES[estate.environment]:
        _table(estate, name)


def _table(estate: Estate, name: str) -> None:
    dynamodb = estate.service("dynamodb")
    dynamodb.create_table(
        name, schema=[{"AttributeName": "id", "KeyType": "HASH"}], throughput=None,
        attr=[{"AttributeName": "id", "AttributeType": "S"}], global_indexes=None, indexes=None, streams=None,
        billing_mode="PAY_PER_REQUEST", sse_specification=None, tags=pairs({"environment": estate.environment}),
        deletion_protection_enabled=True, warm_throughput=None,
    )  # fmt: skip
    dynamodb.update_continuous_backups(name, {"PointInTimeRecoveryEnabled": True})
    estate.names[f"table:{name}"] = estate.arn("dynamodb", f"table/{name}")
