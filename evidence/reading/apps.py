from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "evidence.reading"
    label = "evidence_reading"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
