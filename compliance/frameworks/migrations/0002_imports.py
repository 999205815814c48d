import compliance.tenancy.clock
import compliance.tenancy.ids
import django.db.models.deletion
import uuid
from django.db import migrations, models

from compliance.tenancy.operations import SecureTenantTables


#: The ends of a relation may be the room's own or shipped, each under its own owner: composite keys as everywhere, but
#: over the end's owner instead of the relation's. Relations that are there are shipped, as are both of their ends.
_ENDS = "".join(
    f"""
    ALTER TABLE frameworks_crosswalk DROP CONSTRAINT frameworks_crosswalk_{end}_id_room;
    ALTER TABLE frameworks_crosswalk ADD CONSTRAINT frameworks_crosswalk_{end}_id_room
      FOREIGN KEY ({end}_owner_id, {end}_id) REFERENCES frameworks_requirement (organization_id, id)
      DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE frameworks_crosswalk ADD CONSTRAINT frameworks_crosswalk_{end}_owner
      CHECK ({end}_owner_id = organization_id OR {end}_owner_id = '00000000-0000-0000-0000-000000000000'::uuid);
    """
    for end in ("source", "target")
)


class Migration(migrations.Migration):

    dependencies = [
        ('frameworks', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='crosswalk',
            name='source_owner_id',
            field=models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000')),
        ),
        migrations.AddField(
            model_name='crosswalk',
            name='target_owner_id',
            field=models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000')),
        ),
        migrations.AddField(
            model_name='framework',
            name='difference',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='framework',
            name='external_id',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='framework',
            name='follows',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='framework',
            name='loaded_at',
            field=models.DateTimeField(default=compliance.tenancy.clock.now, editable=False),
        ),
        migrations.AddField(
            model_name='framework',
            name='written_here',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='requirement',
            name='external_id',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AlterField(
            model_name='framework',
            name='publisher',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='framework',
            name='short_title',
            field=models.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name='pointoffocus',
            name='ref',
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name='requirement',
            name='category',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name='requirement',
            name='level',
            field=models.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name='requirement',
            name='ref',
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name='requirement',
            name='series',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name='requirement',
            name='theme',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name='requirement',
            name='title',
            field=models.CharField(max_length=500),
        ),
        migrations.CreateModel(
            name='FrameworkImport',
            fields=[
                ('id', models.UUIDField(default=compliance.tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('file_name', models.CharField(max_length=255)),
                ('content', models.BinaryField(default=bytes)),
                ('sha256', models.CharField(max_length=64)),
                ('options', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('draft', 'Looked at, not loaded'), ('loaded', 'Loaded'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('report', models.JSONField(blank=True, default=dict)),
                ('brought_by', models.CharField(max_length=254)),
                ('brought_at', models.DateTimeField(default=compliance.tenancy.clock.now, editable=False)),
                ('loaded_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organization')),
            ],
            options={
                'ordering': ['-brought_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SuggestedControl',
            fields=[
                ('id', models.UUIDField(default=compliance.tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(max_length=400)),
                ('ref', models.CharField(max_length=200)),
                ('title', models.CharField(max_length=500)),
                ('text', models.TextField(blank=True)),
                ('category', models.CharField(blank=True, max_length=120)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenancy.organization')),
            ],
            options={
                'ordering': ['ref', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'external_id'), name='one_suggested_control')],
            },
        ),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(_ENDS, migrations.RunSQL.noop),
        SecureTenantTables("frameworks", shared=("Framework", "Requirement", "PointOfFocus", "Crosswalk")),
    ]
