from django.apps import AppConfig


class DescriptionsConfig(AppConfig):
    name = "compliance.descriptions"
    label = "descriptions"

    def ready(self) -> None:
        """The ground's own parts of the sections; the floors above add theirs. And what waits for approvers."""
        from compliance.desk import registry

        from . import sections
        from .desk import work_for
        from .parts import contributors

        registry.register("descriptions", work_for)
        for name, contributor in contributors().items():
            sections.register(name, contributor)
