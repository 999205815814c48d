from django.urls import path

from .views import acting, connections, dropping, pushing, runs

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
    path("<uuid:connection>/retire/", acting.retire, name="retire"),
    path("<uuid:connection>/run/", acting.run, name="start"),
    path("<uuid:connection>/kinds/<str:kind>/", pushing.kind, name="kind"),
    path("<uuid:connection>/kinds/<str:kind>/rows/", pushing.rows, name="rows"),
    path("<uuid:connection>/kinds/<str:kind>/drop/", dropping.bring, name="drop"),
    path("<uuid:connection>/drops/<uuid:draft>/", dropping.look_through, name="look_facts"),
    path("<uuid:connection>/drops/<uuid:draft>/apply/", dropping.apply, name="apply_facts"),
    path("<uuid:connection>/drops/<uuid:draft>/discard/", dropping.discard, name="discard_facts"),
]
