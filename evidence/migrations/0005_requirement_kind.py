from django.db import migrations, models

from compliance.tenancy.operations import ForEachOrganization

_KINDS = [
    ("population", "Population"), ("sample", "Sample"), ("document", "Document"), ("configuration", "Configuration"),
    ("observation", "Observation"), ("inquiry", "Inquiry"),
]


def say_kinds(apps):
    """The kind of each requirement that was there before kinds were: by what judges it and what it follows.

    What checks judge is a configuration. What a person brings on each event is a sample of what happened; the rest is a
    document until somebody says otherwise. A list that checks never pass by itself is a population.
    """
    Requirement = apps.get_model("evidence", "EvidenceRequirement")
    populations = {"okta.admins.population", "okta.apps.assignment_population", "aws.iam.admin_population", "aws.sso.assignments",
                   "github.commits.direct_push", "github.org.outside_collaborators", "okta.admins.groups_roles"}
    changed = []
    for row in Requirement.objects.all():
        if row.checks:
            row.kind = "population" if populations & set(row.checks) else "configuration"
        elif row.source == "collector":
            row.kind = "configuration"
        elif row.cadence == "on_event":
            row.kind = "sample"
        else:
            continue
        changed.append(row)
    Requirement.objects.bulk_update(changed, ["kind"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_source_links'),
    ]

    operations = [
        migrations.AddField('evidencerequirement', 'kind', models.CharField(choices=_KINDS, default='document', max_length=14)),
        migrations.AddField('evidencerequirement', 'items', models.JSONField(blank=True, default=list)),
        migrations.AddField('evidencerequirement', 'naming', models.CharField(blank=True, max_length=120)),
        migrations.AddField('evidencerequirement', 'steps', models.JSONField(blank=True, default=list)),
        migrations.AddField('evidencerequirement', 'template', models.CharField(blank=True, max_length=60)),
        migrations.AddField('evidencerequirement', 'population_template', models.CharField(blank=True, max_length=40)),
        migrations.AddField('evidencerequirement', 'thresholds', models.JSONField(blank=True, default=dict)),
        ForEachOrganization(say_kinds),
    ]
