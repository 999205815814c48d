from django.urls import path

from .views import concluding, control, mapping, matrix, stating

app_name = "controls"
urlpatterns = [
    path("", matrix.matrix, name="matrix"),
    path("export/", matrix.export, name="export"),
    path("add/", stating.add, name="add"),
    path("<uuid:control>/", control.control, name="control"),
    path("<uuid:control>/change/", stating.change, name="change"),
    path("<uuid:control>/retire/", stating.retire, name="retire"),
    path("<uuid:control>/reinstate/", stating.reinstate, name="reinstate"),
    path("<uuid:control>/map/", mapping.add, name="map"),
    path("<uuid:control>/conclude/", concluding.conclude, name="conclude"),
    path("<uuid:control>/confirm/", concluding.confirm, name="confirm"),
    path("mappings/<uuid:mapping>/remove/", mapping.remove, name="unmap"),
]
