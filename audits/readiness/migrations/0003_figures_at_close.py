import compliance.tenancy.ids
import compliance.tenancy.models
import django.db.models.deletion
from django.db import migrations, models

from compliance.tenancy.operations import SecureTenantTables


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0002_selection_budget_pace'),
        ('readiness', '0002_condensed'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FiguresAtClose',
            fields=[
                ('id', models.UUIDField(default=compliance.tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('figures', models.JSONField(blank=True, default=dict)),
                ('computed_at', models.DateTimeField()),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organization')),
                ('programme', compliance.tenancy.models.TenantOneToOne(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.programme')),
            ],
            options={
                'abstract': False,
            },
        ),
        SecureTenantTables("readiness"),
    ]
