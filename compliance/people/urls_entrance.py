from django.urls import path

from compliance.web.appearance import appearance

from .views import entrance, invitation

urlpatterns = [
    path("", entrance.home, name="home"),
    path("appearance/", appearance, name="appearance"),
    path("organization/new/", entrance.create_organization, name="create_organization"),
    path("invitation/<str:secret>/", invitation.accept, name="accept_invitation"),
]
