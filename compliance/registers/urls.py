from django.urls import path

from .views import register, systems, workers

app_name = "registers"
urlpatterns = [
    path("", register.register, name="list"),
    path("decide/", register.decide_many, name="decide_many"),
    path("add/", systems.add, name="add"),
    path("workers/", workers.workers, name="workers"),
    path("workers/export/", workers.export, name="export_workers"),
    path("workers/import/", workers.look_through, name="look_through"),
    path("workers/import/apply/", workers.take_over, name="take_over"),
    path("<uuid:system>/", systems.system, name="system"),
    path("<uuid:system>/change/", systems.change, name="change"),
    path("<uuid:system>/decide/", systems.decide, name="decide"),
]
