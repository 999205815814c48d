from django.apps import AppConfig


class AccessReviewsConfig(AppConfig):
    name = "evidence.accessreviews"
    label = "evidence_access_reviews"

    def ready(self) -> None:
        """Listen to collections; give the ground its tab and the work and news of reviewers, judging the lists that a review
        kept, and populations the accounts that reviews asked about."""
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.web.sections import Tab, register_tab
        from evidence.judging import lists as judged
        from evidence.populations import sources

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for
        from .lists import reviewed
        from .population import SOURCE

        registry.register("access_reviews", work_for)
        registry.register_digest("access_reviews", news_for)
        judged.register(reviewed)
        sources.register(SOURCE)
        may, pages = Permission.ACCESS_REVIEW_VIEW, "access_reviews:list"
        register_tab(Tab("evidence", "access_reviews", "Access reviews", pages, may, 42, group="On file"))
        register_tab(Tab("evidence", "reviews", "Reviews", pages, may, 1, under="access_reviews"))
        register_tab(Tab("evidence", "removals", "Access that has to go", "access_reviews:removals", may, 2, under="access_reviews"))
