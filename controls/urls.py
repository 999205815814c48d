from django.urls import path

from .views import concluding, control, history, mapping, matrix, relating, remaining, stating

app_name = "controls"
urlpatterns = [
    path("", matrix.matrix, name="matrix"),
    path("export/", matrix.export, name="export"),
    path("add/", stating.add, name="add"),
    path("remaining/", remaining.remaining, name="remaining"),
    path("remaining/assign/", remaining.assign, name="assign"),
    path("<uuid:control>/", control.control, name="control"),
    path("<uuid:control>/change/", stating.change, name="change"),
    path("<uuid:control>/retire/", stating.retire, name="retire"),
    path("<uuid:control>/reinstate/", stating.reinstate, name="reinstate"),
    path("<uuid:control>/map/", mapping.add, name="map"),
    path("<uuid:control>/conclude/", concluding.conclude, name="conclude"),
    path("<uuid:control>/confirm/", concluding.confirm, name="confirm"),
    path("<uuid:control>/history/", history.history, name="history"),
    path("<uuid:control>/as-it-stood/", history.as_it_stood, name="as_it_stood"),
    path("<uuid:control>/applies/", relating.apply, name="apply"),
    path("<uuid:control>/compensate/", relating.compensate, name="compensate"),
    path("compensations/<uuid:compensation>/end/", relating.end, name="end_compensation"),
    path("mappings/<uuid:mapping>/remove/", mapping.remove, name="unmap"),
]
