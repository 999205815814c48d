from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "evidence.requests"
    label = "evidence_requests"

    def ready(self) -> None:
        """Listen to decisions; give the desk what was asked of people, and what they handed in."""
        from compliance.desk import registry

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for

        registry.register("evidence_requests", work_for)
        registry.register_digest("evidence_requests", news_for)
