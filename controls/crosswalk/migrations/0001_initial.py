import compliance.tenancy.clock
import compliance.tenancy.ids
import compliance.tenancy.models
import django.db.models.deletion
import uuid
from django.db import migrations, models

from compliance.tenancy.operations import SecureTenantTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('controls', '0002_population_confirmed'),
        ('frameworks', '0002_imports'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dismissal',
            fields=[
                ('id', models.UUIDField(default=compliance.tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('framework_owner_id', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                ('reason', models.TextField()),
                ('dismissed_by', models.CharField(max_length=254)),
                ('dismissed_at', models.DateTimeField(default=compliance.tenancy.clock.now)),
                ('control', compliance.tenancy.models.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='controls.control')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organization')),
                ('requirement', compliance.tenancy.models.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='frameworks.requirement')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'requirement'], name='crosswalk_d_organiz_ec9043_idx')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'control', 'requirement'), name='one_dismissal_per_pair')],
            },
        ),
        SecureTenantTables("crosswalk"),
    ]
