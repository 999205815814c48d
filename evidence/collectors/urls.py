from django.urls import path

from .views import acting, connections, runs

app_name = "connections"
urlpatterns = [
    path("", connections.connections, name="list"),
    path("add/", connections.choose, name="choose"),
    path("add/<slug:vendor>/", connections.create, name="create"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<uuid:run>/", runs.run, name="run"),
    path("<uuid:connection>/", connections.connection, name="connection"),
    path("<uuid:connection>/change/", connections.change, name="change"),
    path("<uuid:connection>/test/", acting.test, name="test"),
    path("<uuid:connection>/pause/", acting.pause, name="pause"),
    path("<uuid:connection>/resume/", acting.resume, name="resume"),
    path("<uuid:connection>/run/", acting.run, name="start"),
]
