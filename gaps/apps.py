from django.apps import AppConfig


class GapsConfig(AppConfig):
    name = "gaps"
    label = "gaps"

    def ready(self) -> None:
        """Listen to the floors below; give the ground its index entry, and the work and news of owners."""
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.programmes import conditions as exits
        from compliance.web import navigation
        from evidence.collectors.services.retire import in_the_way

        from . import receivers  # noqa: F401
        from .conditions import conditions
        from .desk import news_for, work_for
        from .retiring import unsettled_on
        from .selectors import open_count

        navigation.register(
            navigation.Entry("gaps", "Gaps", "gaps:list", Permission.GAP_VIEW, 50, count=lambda request: open_count())
        )
        exits.register("gaps", conditions)
        in_the_way.register("gaps", unsettled_on)
        registry.register("gaps", work_for)
        registry.register_digest("gaps", news_for)
