"""`/o/<organisation>/programmes/<programme>/applicability/`."""

from django.urls import path

from .views import climate, rows, statement, versions

app_name = "applicability"
urlpatterns = [
    path("<uuid:programme>/applicability/", statement.statement, name="statement"),
    path("<uuid:programme>/applicability/begin/", statement.begin, name="begin"),
    path("<uuid:programme>/applicability/many/", statement.change_many, name="change_many"),
    path("<uuid:programme>/applicability/include/", statement.include_proposed, name="include_proposed"),
    path("<uuid:programme>/applicability/sign/", statement.sign_many, name="sign_many"),
    path("<uuid:programme>/applicability/lacks/", statement.lacks, name="lacks"),
    path("<uuid:programme>/applicability/climate/", climate.climate, name="climate"),
    path("<uuid:programme>/applicability/rows/<uuid:row>/", rows.row, name="row"),
    path("<uuid:programme>/applicability/rows/<uuid:row>/sign/", rows.sign, name="sign"),
    path("<uuid:programme>/applicability/versions/", versions.versions, name="versions"),
    path("<uuid:programme>/applicability/versions/submit/", versions.submit, name="submit"),
    path("<uuid:programme>/applicability/versions/compare/", versions.compare, name="compare"),
    path("<uuid:programme>/applicability/versions/<int:number>/", versions.version, name="version"),
    path("<uuid:programme>/applicability/versions/<int:number>/approve/", versions.approve, name="approve"),
    path("<uuid:programme>/applicability/draft.<slug:ending>", versions.draft_file, name="draft_file"),
    path("<uuid:programme>/applicability/versions/<int:number>/statement.<slug:ending>", versions.version_file, name="version_file"),
]
