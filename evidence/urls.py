from django.urls import path

from .views import adopting, artefacts, collecting, deciding, providing, requirements, stating, superseding
from .views import (
    adopting,
    artefacts,
    deciding,
    filing,
    linting,
    pointing,
    previewing,
    providing,
    requirements,
    serving,
    stating,
)

app_name = "evidence"
urlpatterns = [
    path("", requirements.requirements, name="list"),
    path("adopt/", adopting.choose, name="adopt"),
    path("adopt/owners/", adopting.owners, name="adopt_owners"),
    path("adopt/dates/", adopting.dates, name="adopt_dates"),
    path("adopt/look/", adopting.look, name="adopt_look"),
    path("adopt/discard/", adopting.discard, name="adopt_discard"),
    path("controls/<uuid:control>/", requirements.of_control, name="of_control"),
    path("controls/<uuid:control>/add/", stating.add, name="add_requirement"),
    path("requirements/<uuid:requirement>/", requirements.requirement, name="requirement"),
    path("requirements/<uuid:requirement>/change/", stating.change, name="change_requirement"),
    path("requirements/<uuid:requirement>/provide/", providing.provide, name="provide"),
    path("requirements/<uuid:requirement>/template/", collecting.template, name="template"),
    path("requirements/<uuid:requirement>/link/", providing.link, name="link"),
    path("links/<uuid:link>/remove/", providing.unlink, name="unlink"),
    path("requirements/<uuid:requirement>/source/", pointing.point, name="point"),
    path("artefacts/", artefacts.artefacts, name="artefacts"),
    path("artefacts/<uuid:artefact>/", artefacts.artefact, name="artefact"),
    path("artefacts/<uuid:artefact>/serves/", serving.serves, name="serves"),
    path("artefacts/<uuid:artefact>/serve/", serving.serve, name="serve"),
    path("filed/", filing.filed, name="filed"),
    path("lint/<uuid:lint_finding>/answer/", linting.answer, name="answer"),
    path("versions/<uuid:version>/decide/", deciding.decide, name="decide"),
    path("versions/<uuid:version>/supersede/", superseding.supersede, name="supersede"),
    path("versions/<uuid:version>/look/", previewing.look, name="look"),
    path("versions/<uuid:version>/look/<int:page>/", previewing.picture, name="picture"),
    path("versions/<uuid:version>/download/", artefacts.download, name="download"),
]
