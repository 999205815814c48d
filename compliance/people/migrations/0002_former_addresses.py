"""A membership follows its account's address, and keeps those that it had: they stay the same person's."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField(
            "membership", "former_emails",
            django.contrib.postgres.fields.ArrayField(models.EmailField(max_length=254), blank=True, default=list, size=None),
        )
    ]  # fmt: skip
