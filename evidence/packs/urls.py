"""`/o/<organisation>/evidence/packs/`."""

from django.urls import path

from . import views

app_name = "packs"
urlpatterns = [
    path("", views.packs, name="list"),
    path("request/", views.request_pack, name="request"),
    path("<uuid:pack>/download/", views.download, name="download"),
]
