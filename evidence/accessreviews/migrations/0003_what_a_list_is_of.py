from django.db import migrations, models


class Migration(migrations.Migration):
    """What the system of a list is called at its vendor; of lists frozen before it is not known, and nothing is compared."""

    dependencies = [("evidence_access_reviews", "0002_pushed_lists")]

    operations = [
        migrations.AddField(
            model_name="accountlist", name="named", field=models.CharField(blank=True, default="", max_length=300)
        ),
    ]
