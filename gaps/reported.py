"""Exceptions that owners reported in control reviews, and for how long each stands (definitions, Gaps: an exception stands
for its period, and is gone after)."""

from __future__ import annotations

from compliance.programmes.selectors import open_programmes, periods_of, share_a_day
from controls.reviews.models import Answer, AnswerKind, Review


def exceptions_that_stand() -> dict[Review, list[Answer]]:
    """By review, its exceptions, the earliest first: of reviews that share a day with a period under way, or all of them
    where no period is. Two queries."""
    found = Answer.objects.filter(kind=AnswerKind.EXCEPTION).select_related("review__control").order_by("id")
    periods = periods_of(open_programmes())
    standing: dict[Review, list[Answer]] = {}
    for answer in found:
        review = answer.review
        if share_a_day(review.covers_from, review.due_on, periods):
            standing.setdefault(review, []).append(answer)
    return standing
