from django.urls import path

from compliance.web.appearance import appearance

from .views import entrance, going_on, invitation

urlpatterns = [
    path("", entrance.home, name="home"),
    path("appearance/", appearance, name="appearance"),
    path("organization/new/", entrance.create_organization, name="create_organization"),
    path("go-on/", going_on.go_on, name="go_on"),
    path("invitation/<str:secret>/", invitation.accept, name="accept_invitation"),
]
