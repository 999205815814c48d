"""`/hand-in/<secret>/`: the one page that a link opens, before every room."""

from django.urls import path

from .views import door

urlpatterns = [path("hand-in/<str:secret>/", door.hand_in_by_link, name="hand_in")]
