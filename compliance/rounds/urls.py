"""`/o/<organisation>/programmes/<programme>/…`: the auditor's confirmation, and the reviews."""

from django.urls import include, path

from .views import confirmations, reviews

app_name = "rounds"
_programme = [
    path("confirmation/", confirmations.confirmation, name="confirmation"),
    path("confirmation/record/", confirmations.record, name="record"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/begin/", reviews.begin, name="begin"),
    path("reviews/<uuid:review>/", reviews.review, name="review"),
    path("reviews/<uuid:review>/write/", reviews.write, name="write"),
    path("reviews/<uuid:review>/actions/", reviews.add_action, name="add_action"),
    path("reviews/<uuid:review>/actions/<uuid:review_action>/done/", reviews.finish_action, name="finish_action"),
]
urlpatterns = [path("<uuid:programme>/", include(_programme))]
