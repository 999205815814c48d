from django.urls import path

from .views import dashboard, requirements, work

app_name = "readiness"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("readiness/requirements/", requirements.requirements, name="requirements"),
    path("work/", work.work, name="work"),
]
