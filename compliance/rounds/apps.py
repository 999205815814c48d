from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "compliance.rounds"
    label = "rounds"

    def ready(self) -> None:
        """Actions of reviews wait for their owners in My work."""
        from compliance.desk import registry

        from .desk import work_for

        registry.register("rounds", work_for)
