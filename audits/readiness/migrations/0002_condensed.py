from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('readiness', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='figures',
            name='drawing',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.AddField(
            model_name='figures',
            name='summary',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
