"""`/o/<organisation>/access-reviews/…`"""

from django.urls import path

from .views import campaigns, deciding, lists, removals

app_name = "access_reviews"
urlpatterns = [
    path("", campaigns.campaigns, name="list"),
    path("prepare/", campaigns.prepare, name="prepare"),
    path("removals/", removals.removals, name="removals"),
    path("lists/<uuid:account_list>/", lists.list_of, name="list_of"),
    path("lists/<uuid:account_list>/take/", lists.take, name="take"),
    path("lists/<uuid:account_list>/bring/", lists.bring, name="bring"),
    path("lists/<uuid:account_list>/reviewers/", lists.reviewers, name="reviewers"),
    path("lists/<uuid:account_list>/sign/", lists.sign, name="sign"),
    path("accounts/<uuid:account>/", deciding.account, name="account"),
    path("<uuid:campaign>/", campaigns.campaign, name="campaign"),
    path("<uuid:campaign>/start/", campaigns.start, name="start"),
    path("<uuid:campaign>/complete/", campaigns.complete, name="complete"),
    path("<uuid:campaign>/skip/", campaigns.skip, name="skip"),
    path("<uuid:campaign>/accounts/", deciding.accounts, name="accounts"),
    path("<uuid:campaign>/decide/", deciding.decide_page, name="decide"),
    path("<uuid:campaign>/decide-many/", deciding.decide_ticked, name="decide_many"),
]
