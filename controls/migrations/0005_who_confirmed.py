"""Who confirmed a population, as a reference: whoever owns the control is compared with it."""

import django.db.models.deletion
from django.db import migrations

import compliance.tenancy.models
from compliance.tenancy.operations import SecureTenantTables


class Migration(migrations.Migration):
    dependencies = [("controls", "0004_standing_checks"), ("people", "0001_initial")]

    operations = [
        migrations.AddField(
            "control", "population_confirmer",
            compliance.tenancy.models.TenantKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.membership"
            ),
        ),
        SecureTenantTables("controls"),
    ]  # fmt: skip
