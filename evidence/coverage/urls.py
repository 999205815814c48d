"""`/o/<organisation>/evidence/coverage/`."""

from django.urls import path

from . import views, views_ahead

app_name = "coverage"
urlpatterns = [
    path("", views.year, name="year"),
    path("ahead/", views_ahead.ahead, name="ahead"),
    path("download/<slug:ending>/", views.download, name="download"),
    path("programmes/<uuid:programme>/tolerance/", views.tolerance, name="tolerance"),
]
