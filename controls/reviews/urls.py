"""`/o/<organisation>/reviews/…`"""

from django.urls import path

from .views import answering, delegations, of_control, reading

app_name = "reviews"
urlpatterns = [
    path("", reading.reviews, name="list"),
    path("leave/", delegations.delegations, name="delegations"),
    path("leave/record/", delegations.delegate, name="delegate"),
    path("leave/<uuid:delegation>/end/", delegations.end, name="end_delegation"),
    path("of/<uuid:control>/", of_control.of_control, name="of_control"),
    path("of/<uuid:control>/cadence/", of_control.cadence, name="cadence"),
    path("<uuid:control_review>/", reading.review, name="review"),
    path("<uuid:control_review>/attest/", answering.attest, name="attest"),
    path("<uuid:control_review>/exception/", answering.report_exception, name="report_exception"),
    path("<uuid:control_review>/skip/", answering.skip, name="skip"),
    path("<uuid:control_review>/remind/", answering.remind, name="remind"),
]
