from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "evidence.coverage"
    label = "coverage"

    def ready(self) -> None:
        from compliance.desk import registry

        from .desk import news_for, work_for

        registry.register("coverage", work_for)
        registry.register_digest("coverage", news_for)
