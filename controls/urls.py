from django.urls import path

from compliance.access.permissions import Permission
from compliance.web.imports.pages import ImportPages

from .sheet.intake import Controls
from .views import (
    bulk,
    concluding,
    control,
    exporting,
    history,
    inplace,
    mapping,
    matrix,
    relating,
    remaining,
    saved,
    stating,
)

of_controls = ImportPages(
    noun="controls", one="control", namespace="controls", home="controls:matrix", section="Controls",
    permission=Permission.CONTROL_CHANGE, intake=lambda request: Controls(),
    note="A line is a control under a requirement, known by its reference; a reference that is not here adds a control. A column "
    "that is not there stays as it is, an empty cell empties it, and a line that is not there takes nothing away. What tells "
    "how things stand, such as evidence and gaps, is not read.",
)  # fmt: skip

app_name = "controls"
urlpatterns = [
    path("", matrix.matrix, name="matrix"),
    path("export/", exporting.export, name="export"),
    path("export.<slug:ending>", exporting.export, name="export_as"),
    path("change/", bulk.change_ticked, name="change_ticked"),
    path("views/", saved.views, name="views"),
    path("views/save/", saved.save, name="save_view"),
    path("views/begin/", saved.begin, name="begin_with"),
    path("views/<uuid:saved_view>/", saved.change, name="change_view"),
    path("views/<uuid:saved_view>/remove/", saved.remove, name="remove_view"),
    *of_controls.paths(),
    path("add/", stating.add, name="add"),
    path("remaining/", remaining.remaining, name="remaining"),
    path("remaining/assign/", remaining.assign, name="assign"),
    path("<uuid:control>/", control.control, name="control"),
    path("<uuid:control>/edit/", inplace.edit, name="edit"),
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
