from django.apps import AppConfig


class AccessReviewsConfig(AppConfig):
    name = "evidence.accessreviews"
    label = "evidence_access_reviews"

    def ready(self) -> None:
        """Listen to collections; give the ground its tab, and the work and news of reviewers."""
        from compliance.desk import registry

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for

        registry.register("access_reviews", work_for)
        registry.register_digest("access_reviews", news_for)
