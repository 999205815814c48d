from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "audits.readiness"
    label = "readiness"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
