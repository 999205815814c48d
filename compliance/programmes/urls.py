from django.urls import path

from .views import criteria, phases, programmes

app_name = "programmes"
urlpatterns = [
    path("", programmes.programmes, name="list"),
    path("new/", programmes.create, name="create"),
    path("<uuid:programme>/", programmes.programme, name="programme"),
    path("<uuid:programme>/change/", programmes.change, name="change"),
    path("<uuid:programme>/close/", programmes.close, name="close"),
    path("<uuid:programme>/phases/", phases.phases, name="phases"),
    path("<uuid:programme>/criteria/", criteria.criteria, name="criteria"),
    path("<uuid:programme>/criteria/<uuid:requirement>/leave-out/", criteria.leave_out, name="leave_out"),
    path("<uuid:programme>/criteria/<uuid:requirement>/take-in/", criteria.take_in, name="take_in"),
]
