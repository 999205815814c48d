"""The way in to a seat, outside every room: the secret names the organisation."""

from django.urls import path

from .views import entrance

app_name = "seats"
urlpatterns = [path("<str:secret>/", entrance.accept, name="accept")]
