"""Who answered for a population, and since when: what is said of its lists is weighed by it."""

import django.db.models.deletion
from django.db import migrations, models

import compliance.tenancy.clock
import compliance.tenancy.ids
import compliance.tenancy.models
from compliance.tenancy.operations import AppendOnly, SecureTenantTables


class Migration(migrations.Migration):
    dependencies = [("evidence_populations", "0002_deviations")]

    operations = [
        migrations.CreateModel(
            name="PopulationStatement",
            fields=[
                ("id", models.UUIDField(default=compliance.tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("valid_from", models.DateTimeField(default=compliance.tenancy.clock.now, editable=False)),
                ("stated", models.JSONField()),
                ("organization", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.organization")),
                ("population", compliance.tenancy.models.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name="statements", to="evidence_populations.population")),
            ],
            options={"ordering": ["id"]},
        ),
        SecureTenantTables("evidence_populations"),
        AppendOnly("evidence_populations", "PopulationStatement"),
    ]
