from django.apps import AppConfig


class GapsConfig(AppConfig):
    name = "gaps"
    label = "gaps"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
