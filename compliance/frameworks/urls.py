from django.urls import path

from . import views

app_name = "frameworks"
urlpatterns = [
    path("", views.frameworks, name="list"),
    path("<uuid:framework>/", views.framework, name="framework"),
]
