from django.db import migrations, models


class Migration(migrations.Migration):
    """A list may have been pushed."""

    dependencies = [("evidence_access_reviews", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="accountlist",
            name="origin",
            field=models.CharField(
                choices=[
                    ("none", "No list yet"), ("collected", "Collected"), ("pushed", "Pushed"), ("uploaded", "Uploaded"),
                ],
                default="none",
                max_length=10,
            ),
        ),
    ]
