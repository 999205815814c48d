from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "evidence.packs"
    label = "evidence_packs"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
