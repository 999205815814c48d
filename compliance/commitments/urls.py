from django.urls import path

from . import views

app_name = "commitments"
urlpatterns = [
    path("", views.commitments, name="list"),
    path("add/", views.add, name="add"),
    path("<uuid:commitment>/change/", views.change, name="change"),
    path("<uuid:commitment>/withdraw/", views.withdraw, name="withdraw"),
]
