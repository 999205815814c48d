"""Addresses of audits in an organisation, below /o/<organisation>/audits/."""

from django.urls import path

from .views import answers, audits, moves, packs, requests, seats, sheets

app_name = "audits"
urlpatterns = [
    path("", audits.list_audits, name="list"),
    path("new/", audits.create, name="create"),
    path("<uuid:pk>/", audits.show, name="show"),
    path("<uuid:pk>/change/", audits.change, name="change"),
    path("<uuid:pk>/issue/", audits.issue, name="issue"),
    path("<uuid:pk>/openings/", audits.openings, name="openings"),
    path("<uuid:pk>/requests/new/", requests.raise_, name="raise"),
    path("<uuid:pk>/requests/import/", sheets.import_list, name="import"),
    path("<uuid:pk>/requests/import/apply/", sheets.import_apply, name="import_apply"),
    path("<uuid:pk>/requests/export.csv", sheets.export_csv, name="export_csv"),
    path("<uuid:pk>/requests/export.xlsx", sheets.export_xlsx, name="export_xlsx"),
    path("<uuid:pk>/seats/new/", seats.invite, name="invite"),
    path("<uuid:pk>/packs/share/", packs.share, name="share_pack"),
    path("requests/<uuid:pk>/", requests.show, name="request"),
    path("requests/<uuid:pk>/change/", requests.change, name="change_request"),
    path("requests/<uuid:pk>/assign/", moves.assign, name="assign"),
    path("requests/<uuid:pk>/move/<slug:name>/", moves.move, name="move"),
    path("requests/<uuid:pk>/evidence/", answers.link, name="link"),
    path("requests/<uuid:pk>/comments/internal/", answers.internally, name="comment_internally"),
    path("requests/<uuid:pk>/comments/auditor/", answers.to_auditor, name="comment_to_auditor"),
    path("evidence/<uuid:pk>/unlink/", answers.unlink, name="unlink"),
    path("seats/<uuid:pk>/", seats.change, name="seat"),
    path("seats/<uuid:pk>/renew/", seats.renew, name="renew"),
    path("seats/<uuid:pk>/revoke/", seats.revoke, name="revoke"),
]
