from django.urls import path

from . import views

app_name = "checks"
urlpatterns = [
    path("", views.checks, name="list"),
    path("<str:check_id>/", views.check, name="check"),
]
