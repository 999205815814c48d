from django.urls import path

from . import views

app_name = "assurance"
urlpatterns = [
    path("<uuid:party>/files/", views.of_party, name="of_party"),
    path("reports/<uuid:party_report>/file/", views.keep_report, name="keep_report"),
    path("letters/<uuid:bridge_letter>/file/", views.keep_letter, name="keep_letter"),
]
