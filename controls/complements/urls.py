from django.urls import path

from . import views

app_name = "complements"
urlpatterns = [
    path("<uuid:party>/expects/", views.of_party, name="of_party"),
    path("<uuid:party>/expects/map/", views.map_controls, name="map"),
]
