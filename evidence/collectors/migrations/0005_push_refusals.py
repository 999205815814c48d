"""Pushes that were refused: when, by whom, and what was wrong; never what was sent."""

import django.db.models.deletion
from django.db import migrations, models

import compliance.tenancy.clock
import compliance.tenancy.ids
import compliance.tenancy.models
from compliance.tenancy.operations import SecureTenantTables


class Migration(migrations.Migration):
    dependencies = [("collectors", "0004_pushed_facts")]

    operations = [
        migrations.CreateModel(
            name="PushRefusal",
            fields=[
                ("id", models.UUIDField(default=compliance.tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("refused_at", models.DateTimeField(default=compliance.tenancy.clock.now, editable=False)),
                ("by", models.CharField(max_length=254)),
                ("origin", models.CharField(max_length=200)),
                ("fact_kind", models.CharField(blank=True, max_length=80)),
                ("status", models.PositiveSmallIntegerField()),
                ("faults", models.PositiveIntegerField(default=0)),
                ("said", models.JSONField(default=list)),
                ("connection", compliance.tenancy.models.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name="refusals", to="collectors.connection")),
                ("organization", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.organization")),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.AddIndex(
            model_name="pushrefusal",
            index=models.Index(fields=["organization", "connection", "-id"], name="collectors__organiz_36cb62_idx"),
        ),
        SecureTenantTables("collectors"),
    ]
