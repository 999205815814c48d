"""`/o/<organisation>/programmes/<programme>/description/`."""

from django.urls import path

from .views import versions, writing

app_name = "descriptions"
urlpatterns = [
    path("<uuid:programme>/description/", writing.description, name="description"),
    path("<uuid:programme>/description/keep/", versions.keep, name="keep"),
    path("<uuid:programme>/description/compare/", versions.compare, name="compare"),
    path("<uuid:programme>/description/sections/<slug:key>/", writing.section, name="section"),
    path("<uuid:programme>/description/draft.<slug:ending>", versions.draft_file, name="draft_file"),
    path("<uuid:programme>/description/versions/<int:number>/", versions.version, name="version"),
    path("<uuid:programme>/description/versions/<int:number>/approve/", versions.approve, name="approve"),
    path("<uuid:programme>/description/versions/<int:number>/description.<slug:ending>", versions.version_file, name="version_file"),
]
