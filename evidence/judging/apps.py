from django.apps import AppConfig


class JudgingConfig(AppConfig):
    name = "evidence.judging"
    label = "judging"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
