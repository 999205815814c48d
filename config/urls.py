"""The table of contents: every page. The API's is config/api.py."""

from django.conf import settings
from django.urls import include, path

from config import health

handler400 = "compliance.web.errors.bad_request"
handler403 = "compliance.web.errors.forbidden"
handler404 = "compliance.web.errors.not_found"
handler500 = "compliance.web.errors.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("compliance.people.urls_entrance")),
    path("o/<slug:organization>/", include("audits.readiness.urls")),
    path("o/<slug:organization>/", include("compliance.people.urls")),
    path("o/<slug:organization>/scope/parties/", include("controls.complements.urls")),
    path("o/<slug:organization>/scope/parties/", include("evidence.assurance.urls")),
    path("o/<slug:organization>/scope/parties/", include("compliance.parties.urls")),
    path("o/<slug:organization>/scope/commitments/", include("compliance.commitments.urls")),
    path("o/<slug:organization>/scope/boundary/", include("compliance.boundary.urls")),
    path("o/<slug:organization>/scope/", include("compliance.scoping.urls")),
    path("o/<slug:organization>/scope/", include("compliance.registers.urls")),
    path("o/<slug:organization>/ledger/", include("compliance.ledger.urls")),
    path("o/<slug:organization>/programmes/", include("controls.applicability.urls")),
    path("o/<slug:organization>/programmes/", include("compliance.descriptions.urls")),
    path("o/<slug:organization>/programmes/", include("compliance.rounds.urls")),
    path("o/<slug:organization>/programmes/", include("compliance.programmes.urls")),
    path("o/<slug:organization>/frameworks/", include("compliance.frameworks.urls")),
    path("o/<slug:organization>/trail/", include("compliance.trail.urls")),
    path("o/<slug:organization>/controls/", include("controls.urls")),
    path("o/<slug:organization>/reviews/", include("evidence.attesting.urls")),
    path("o/<slug:organization>/reviews/", include("controls.reviews.urls")),
    path("o/<slug:organization>/crosswalk/", include("controls.crosswalk.urls")),
    path("o/<slug:organization>/evidence/packs/", include("evidence.packs.urls")),
    path("o/<slug:organization>/evidence/log/", include("evidence.log_urls")),
    path("o/<slug:organization>/evidence/coverage/", include("evidence.coverage.urls")),
    path("o/<slug:organization>/evidence/populations/", include("evidence.populations.urls")),
    path("o/<slug:organization>/evidence/", include("evidence.uploads.urls")),
    path("o/<slug:organization>/evidence/", include("evidence.urls")),
    path("o/<slug:organization>/access-reviews/", include("evidence.accessreviews.urls")),
    path("o/<slug:organization>/evidence-requests/", include("evidence.requests.urls")),
    path("o/<slug:organization>/connections/", include("evidence.collectors.urls")),
    path("o/<slug:organization>/checks/", include("evidence.judging.urls")),
    path("o/<slug:organization>/gaps/", include("gaps.urls")),
    path("o/<slug:organization>/audits/", include("audits.urls")),
    path("o/<slug:organization>/reports/", include("audits.reports.urls")),
    path("portal/<slug:organization>/", include("audits.portal_urls")),
    path("", include("evidence.requests.door_urls")),
    path("seat/", include("audits.entrance_urls")),
    path("api/v1/", include("config.api")),
]

if settings.DEBUG:
    from compliance.web.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
