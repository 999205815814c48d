from django.urls import path

from .views import carrying

app_name = "crosswalk"
urlpatterns = [
    path("", carrying.overview, name="overview"),
    path("<uuid:programme>/", carrying.carried, name="carried"),
    path("<uuid:programme>/confirm/", carrying.confirm, name="confirm"),
    path("<uuid:programme>/dismiss/<uuid:control>/<uuid:requirement>/", carrying.dismiss, name="dismiss"),
    path("<uuid:programme>/restore/<uuid:dismissal>/", carrying.restore, name="restore"),
]
