from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='report',
            name='kind',
            field=models.CharField(choices=[('readiness', 'Readiness report (PDF)'), ('matrix', 'Control matrix (XLSX)'), ('matrix_paper', 'Control matrix (PDF, a paper for each series)'), ('gaps', 'Gap register (XLSX)')], max_length=12),
        ),
    ]
