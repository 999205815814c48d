from django.apps import AppConfig


class CollectorsConfig(AppConfig):
    name = "evidence.collectors"
    label = "collectors"

    def ready(self) -> None:
        from compliance.desk import registry
        from evidence.services import verify

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for
        from .inspecting import check_sightings

        verify.further.register("sightings", check_sightings)
        registry.register("collectors", work_for)
        registry.register_digest("collectors", news_for)
