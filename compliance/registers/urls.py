from django.urls import path

from compliance.access.guards import may
from compliance.access.permissions import Permission
from compliance.web.imports.pages import ImportPages

from .tables.flows import Flows
from .tables.systems import Systems
from .views import flows, inbox, register, services, systems, workers

_HOW = "Rows are known by their reference; one without is added. A column that is not there stays as it is, an empty cell empties it."
of_systems = ImportPages(
    noun="systems", one="system", namespace="registers", home="registers:list", section="Scope",
    permission=Permission.SCOPE_CHANGE, note=f"{_HOW} Kind and identifier together name a system too.",
    intake=lambda request: Systems(may_decide=may(request, Permission.SCOPE_DECIDE)),
)  # fmt: skip
of_flows = ImportPages(
    noun="flows", one="flow", namespace="registers", home="registers:flows", section="Flows",
    permission=Permission.SCOPE_CHANGE, note=_HOW, intake=lambda request: Flows(),
)  # fmt: skip

app_name = "registers"
urlpatterns = [
    path("", register.register, name="list"),
    path("change/", register.change_many, name="change_many"),
    path("export/<slug:table>.<slug:form>", register.export, name="export"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("decide/", inbox.decide_many, name="decide_many"),
    path("add/", systems.add, name="add"),
    path("services/", services.services_page, name="services"),
    path("services/add/", services.add_service, name="add_service"),
    path("services/<uuid:service>/", services.change_service, name="change_service"),
    path("flows/", flows.flows, name="flows"),
    path("flows/add/", flows.add_flow, name="add_flow"),
    path("flows/<uuid:flow>/", flows.change_flow, name="change_flow"),
    path("flows/<uuid:flow>/remove/", flows.remove_flow, name="remove_flow"),
    path("data-classes/add/", flows.add_data_class, name="add_data_class"),
    *of_systems.paths(),
    *of_flows.paths("flows/"),
    path("workers/", workers.workers, name="workers"),
    path("workers/export/", workers.export, name="export_workers"),
    path("workers/import/", workers.look_through, name="look_through"),
    path("workers/import/apply/", workers.take_over, name="take_over"),
    path("<uuid:system>/", systems.system, name="system"),
    path("<uuid:system>/change/", systems.change, name="change"),
    path("<uuid:system>/decide/", systems.decide, name="decide"),
]
