from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "controls.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Listen to controls; give the ground its index entry, and the work and news of who has to answer."""
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.web.navigation import Entry, register

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for

        register(Entry("reviews", "Reviews", "reviews:list", Permission.REVIEW_VIEW, 35, covers=("attesting",)))
        registry.register("reviews", work_for)
        registry.register_digest("reviews", news_for)
