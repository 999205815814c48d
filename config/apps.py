from django.apps import AppConfig


class RoofConfig(AppConfig):
    name = "config"
    label = "roof"

    def ready(self) -> None:
        import config.celery  # noqa: F401 - a page's `.delay` needs the application that names the broker
