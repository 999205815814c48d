"""`/o/<organisation>/evidence/populations/…`"""

from django.urls import path

from .views import bringing, files, keeping, reading, working

app_name = "populations"
urlpatterns = [
    path("", reading.populations, name="list"),
    path("new/<slug:population_template>/", keeping.add, name="add"),
    path("<uuid:population>/", reading.population, name="population"),
    path("<uuid:population>/change/", keeping.change, name="change"),
    path("<uuid:population>/freeze/", bringing.freeze, name="freeze"),
    path("<uuid:population>/bring/", bringing.bring, name="bring"),
    path("drafts/<uuid:population_draft>/", bringing.draft, name="draft"),
    path("drafts/<uuid:population_draft>/freeze/", bringing.freeze_file, name="freeze_file"),
    path("drafts/<uuid:population_draft>/discard/", bringing.discard, name="discard"),
    path("versions/<uuid:population_version>/", reading.version, name="version"),
    path("versions/<uuid:population_version>/rows/", reading.rows, name="rows"),
    path("versions/<uuid:population_version>/changes/", reading.changes, name="changes"),
    path("versions/<uuid:population_version>/left-out/", reading.left_out, name="left_out"),
    path("versions/<uuid:population_version>/rows.csv", files.as_csv, name="csv"),
    path("versions/<uuid:population_version>/rows.xlsx", files.as_xlsx, name="xlsx"),
    path("versions/<uuid:population_version>/rows.jsonl", files.as_lines, name="jsonl"),
    path("versions/<uuid:population_version>/answer/", working.answer, name="answer"),
    path("versions/<uuid:population_version>/confirm/", working.confirm, name="confirm"),
    path("versions/<uuid:population_version>/withdraw/", working.withdraw, name="withdraw"),
    path("mismatches/<uuid:mismatch>/decide/", working.decide, name="decide"),
]
