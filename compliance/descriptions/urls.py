"""`/o/<organisation>/programmes/<programme>/description/`."""

from django.urls import include, path

from .views import versions, writing

app_name = "descriptions"
_description = [
    path("", writing.description, name="description"),
    path("keep/", versions.keep, name="keep"),
    path("compare/", versions.compare, name="compare"),
    path("sections/<slug:key>/", writing.section, name="section"),
    path("draft.<slug:ending>", versions.draft_file, name="draft_file"),
    path("versions/<int:number>/", versions.version, name="version"),
    path("versions/<int:number>/approve/", versions.approve, name="approve"),
    path("versions/<int:number>/description.<slug:ending>", versions.version_file, name="version_file"),
]
urlpatterns = [path("<uuid:programme>/description/", include(_description))]
