"""`/o/<organisation>/programmes/<programme>/…`: the auditor's confirmation, and the reviews."""

from django.urls import path

from .views import confirmations, reviews

app_name = "rounds"
urlpatterns = [
    path("<uuid:programme>/confirmation/", confirmations.confirmation, name="confirmation"),
    path("<uuid:programme>/confirmation/record/", confirmations.record, name="record"),
    path("<uuid:programme>/reviews/", reviews.reviews, name="reviews"),
    path("<uuid:programme>/reviews/begin/", reviews.begin, name="begin"),
    path("<uuid:programme>/reviews/<uuid:review>/", reviews.review, name="review"),
    path("<uuid:programme>/reviews/<uuid:review>/write/", reviews.write, name="write"),
    path("<uuid:programme>/reviews/<uuid:review>/actions/", reviews.add_action, name="add_action"),
    path("<uuid:programme>/reviews/<uuid:review>/actions/<uuid:review_action>/done/", reviews.finish_action, name="finish_action"),
]
