from django.urls import path

from .views import duties, own, papers, parties

app_name = "parties"
urlpatterns = [
    path("", parties.parties, name="list"),
    path("add/", parties.add, name="add"),
    path("own-controls/", own.own, name="own"),
    path("own-controls/add/", own.add, name="add_own"),
    path("own-controls/<uuid:own_cuec>/change/", own.change, name="change_own"),
    path("own-controls/<uuid:own_cuec>/withdraw/", own.withdraw, name="withdraw_own"),
    path("reports/<uuid:party_report>/", papers.report, name="report"),
    path("reports/<uuid:party_report>/change/", papers.change_report, name="change_report"),
    path("reports/<uuid:party_report>/controls/", papers.add_cuecs, name="add_cuecs"),
    path("carve-outs/<uuid:nested>/", papers.answer, name="answer"),
    path("letters/<uuid:bridge_letter>/change/", papers.change_letter, name="change_letter"),
    path("expected/<uuid:expected>/change/", duties.change_expected, name="change_expected"),
    path("expected/<uuid:expected>/drop/", duties.drop_expected, name="drop_expected"),
    path("<uuid:party>/", parties.party, name="party"),
    path("<uuid:party>/change/", parties.change, name="change"),
    path("<uuid:party>/review/", duties.review, name="review"),
    path("<uuid:party>/expect/", duties.expect, name="expect"),
    path("<uuid:party>/reports/add/", papers.add_report, name="add_report"),
    path("<uuid:party>/letters/add/", papers.add_letter, name="add_letter"),
]
