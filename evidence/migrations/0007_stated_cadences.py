import django.db.models.deletion
from django.db import migrations, models

import compliance.tenancy.clock
import compliance.tenancy.ids
import compliance.tenancy.models
from compliance.tenancy.operations import AppendOnly, SecureTenantTables

_HOW_OFTEN = [
    ('continuous', 'Continuous'), ('daily', 'Daily'), ('weekly', 'Weekly'), ('monthly', 'Monthly'), ('quarterly', 'Quarterly'),
    ('semi_annual', 'Twice a year'), ('annual', 'Annual'), ('two_years', 'Every two years'), ('on_event', 'On event'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0006_pushed_facts'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatedCadence',
            fields=[
                ('id', models.UUIDField(default=compliance.tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('before', models.CharField(blank=True, choices=_HOW_OFTEN, max_length=12)),
                ('after', models.CharField(blank=True, choices=_HOW_OFTEN, max_length=12)),
                ('since', models.DateField()),
                ('reason', models.TextField(blank=True)),
                ('said_by', models.CharField(max_length=254)),
                ('said_at', models.DateTimeField(default=compliance.tenancy.clock.now, editable=False)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organization')),
                ('requirement', compliance.tenancy.models.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name='cadences', to='evidence.evidencerequirement')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'requirement', 'number'), name='one_stated_cadence_number')],
            },
        ),
        SecureTenantTables("evidence"),
        AppendOnly("evidence", "StatedCadence"),
    ]
