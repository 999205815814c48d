from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('controls', '0003_control_versions'),
    ]

    operations = [
        migrations.AddField('standing', 'checks', models.PositiveIntegerField(default=0)),
    ]
