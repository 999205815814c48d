from django.urls import path

from . import views

app_name = "boundary"
urlpatterns = [
    path("", views.diagram, name="diagram"),
    path("boundary.svg", views.svg, name="svg"),
    path("boundary.pdf", views.pdf, name="pdf"),
]
