from django.apps import AppConfig


class LogConfig(AppConfig):
    name = "evidence.log"
    label = "evidence_log"

    def ready(self) -> None:
        """Ring the alarm on people's desks."""
        from compliance.desk import registry

        from .desk import news_for, work_for

        registry.register("evidence_log", work_for)
        registry.register_digest("evidence_log", news_for)
