"""Addresses of the auditor's portal, below /portal/<organisation>/."""

from django.urls import include, path

from .portal.views import (
    access_reviews,
    applicability,
    confirmation,
    controls,
    evidence,
    notes,
    overview,
    packs,
    populations,
    requests,
)

app_name = "portal"

_audit = [
    path("", overview.overview, name="overview"),
    path("recorded/", overview.recorded, name="recorded"),
    path("issue/", overview.issue, name="issue"),
    path("scope/", confirmation.scope, name="scope"),
    path("scope/confirm/", confirmation.confirm, name="confirm"),
    path("applicability/", applicability.applicability, name="applicability"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.raise_, name="raise"),
    path("requests/<uuid:pk>/", requests.show, name="request"),
    path("requests/<uuid:pk>/change/", requests.change, name="change"),
    path("requests/<uuid:pk>/fulfil/", requests.fulfil, name="fulfil"),
    path("requests/<uuid:pk>/return/", requests.return_, name="return"),
    path("requests/<uuid:pk>/comments/", requests.comment, name="comment"),
    path("requests/<uuid:pk>/notes/", requests.note, name="note"),
    path("notes/export.csv", notes.export_notes, name="export_notes"),
    path("controls/", controls.controls, name="controls"),
    path("controls/<uuid:pk>/", controls.control, name="control"),
    path("populations/", populations.populations, name="populations"),
    path("populations/<uuid:pk>/", populations.population, name="population"),
    path("populations/<uuid:pk>/rows.jsonl", populations.download, name="population_rows"),
    path("access-reviews/", access_reviews.access_reviews, name="access_reviews"),
    path("access-reviews/<uuid:pk>/", access_reviews.access_review, name="access_review"),
    path("access-reviews/<uuid:pk>/book/", access_reviews.book, name="access_review_book"),
    path("access-reviews/<uuid:pk>/record/", access_reviews.record, name="access_review_record"),
    path("packs/", packs.packs, name="packs"),
    path("packs/<uuid:pk>/download/", packs.download, name="pack_download"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/<uuid:pk>/", evidence.version, name="version"),
    path("evidence/<uuid:pk>/proof/", evidence.proof, name="proof"),
    path("evidence/<uuid:pk>/proof.json", evidence.proof_file, name="proof_file"),
    path("evidence/<uuid:pk>/download/", evidence.download, name="download"),
]
urlpatterns = [path("<uuid:audit>/", include(_audit))]
