from django.urls import path

from .views import bringing, crosswalk, export, frameworks, own

app_name = "frameworks"
urlpatterns = [
    path("", frameworks.frameworks, name="list"),
    path("crosswalk/", crosswalk.crosswalk, name="crosswalk"),
    path("bring/", bringing.bring, name="bring"),
    path("bring/<uuid:brought>/", bringing.brought, name="brought"),
    path("bring/<uuid:brought>/load/", bringing.load, name="load"),
    path("bring/<uuid:brought>/discard/", bringing.discard, name="discard"),
    path("write/", own.write, name="write"),
    path("requirements/<uuid:rule>/change/", own.change_requirement, name="change_requirement"),
    path("requirements/<uuid:rule>/move/", own.move_requirement, name="move_requirement"),
    path("requirements/<uuid:rule>/remove/", own.remove_requirement, name="remove_requirement"),
    path("<uuid:own>/change/", own.change, name="change"),
    path("<uuid:own>/version/", own.begin_version, name="begin_version"),
    path("<uuid:own>/add/", own.add_requirement, name="add_requirement"),
    path("<uuid:own>/difference/", own.difference, name="difference"),
    path("<uuid:framework>/", frameworks.framework, name="framework"),
    path("<uuid:framework>/oscal/", export.oscal_catalog, name="oscal_catalog"),
    path("<uuid:framework>/csv/", export.sheet, name="csv"),
]
