from django.apps import AppConfig


class CollectorsConfig(AppConfig):
    name = "evidence.collectors"
    label = "collectors"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
