from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence_populations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="populationversion",
            name="deviations",
            field=models.JSONField(blank=True, default=list),
        )
    ]
