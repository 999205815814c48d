"""`/o/<organisation>/ledger/`."""

from django.urls import path

from .views import changes, incidents

app_name = "ledger"
urlpatterns = [
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/new/", incidents.add, name="add_incident"),
    path("incidents/<uuid:incident>/", incidents.incident, name="incident"),
    path("incidents/<uuid:incident>/decide/", incidents.decide, name="decide_incident"),
    path("incidents/<uuid:incident>/change/", incidents.change, name="change_incident"),
    path("changes/", changes.changes, name="changes"),
    path("changes/new/", changes.add, name="add_change"),
    path("changes/<uuid:change>/", changes.change, name="change"),
    path("changes/<uuid:change>/decide/", changes.decide, name="decide_change"),
    path("changes/<uuid:change>/change/", changes.edit, name="change_change"),
]
