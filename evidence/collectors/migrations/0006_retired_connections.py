"""A connection is retired by a decision, which is another thing than to pause it: what a paused one found still counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collectors", "0005_push_refusals")]

    operations = [
        migrations.AddField("connection", "retired_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddField("connection", "retired_reason", models.CharField(max_length=300, blank=True, default="")),
        migrations.AlterField(
            "connection", "health",
            models.CharField(
                choices=[
                    ("untested", "Not tested yet"), ("ok", "Healthy"), ("degraded", "Partly readable"), ("failing", "Failing"),
                    ("paused", "Paused"), ("retired", "Retired"),
                ],
                default="untested", max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "connection",
            models.CheckConstraint(
                condition=models.Q(("retired_at__isnull", True), ("active", False), _connector="OR"), name="retired_connection_is_silent"
            ),
        ),
    ]  # fmt: skip
