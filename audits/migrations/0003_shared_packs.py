import django.db.models.deletion
from django.db import migrations, models

import compliance.tenancy.clock
import compliance.tenancy.ids
import compliance.tenancy.models
from compliance.tenancy.operations import AppendOnly, SecureTenantTables


class Migration(migrations.Migration):

    dependencies = [
        ('audits', '0002_portal_and_digest'),
        ('evidence_packs', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SharedPack',
            fields=[
                ('id', models.UUIDField(default=compliance.tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('shared_by', models.CharField(max_length=254)),
                ('shared_at', models.DateTimeField(default=compliance.tenancy.clock.now, editable=False)),
                ('audit', compliance.tenancy.models.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name='shared_packs', to='audits.audit')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organization')),
                ('pack', compliance.tenancy.models.TenantKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence_packs.pack')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='sharedpack',
            constraint=models.UniqueConstraint(fields=('organization', 'audit', 'pack'), name='one_pack_per_audit'),
        ),
        SecureTenantTables("audits", own=("Seat",)),
        AppendOnly("audits", "SharedPack"),
    ]
