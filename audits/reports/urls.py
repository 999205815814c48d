"""`/o/<organisation>/reports/`."""

from django.urls import path

from . import views, views_completeness

app_name = "reports"
urlpatterns = [
    path("", views.reports, name="list"),
    path("completeness/", views_completeness.page, name="completeness"),
    path("request/", views.request_report, name="request"),
    path("<uuid:report>/download/", views.download, name="download"),
]
