"""`/o/<organisation>/reviews/<review>/evidence/…`"""

from django.urls import path

from . import views

app_name = "attesting"
urlpatterns = [
    path("<uuid:control_review>/evidence/", views.of_review, name="of_review"),
    path("<uuid:control_review>/evidence/link/", views.link, name="link"),
]
