from django.apps import AppConfig


class PopulationsConfig(AppConfig):
    name = "evidence.populations"
    label = "evidence_populations"

    def ready(self) -> None:
        """Offer the sources, tell controls which populations are kept for them, and what waits for whom."""
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.web.sections import Tab, register_tab
        from controls.populations import kept
        from evidence import list_kinds

        from . import collected, receivers, rooms  # noqa: F401
        from .catalogue import kinds
        from .desk import news_for, work_for
        from .kept import kept_for
        from .sources import register

        list_kinds.contributors.register("populations", kinds)
        for source in (*collected.SOURCES, *rooms.SOURCES):
            register(source)
        kept.register("populations", kept_for)
        registry.register("populations", work_for)
        registry.register_digest("populations", news_for)
        register_tab(Tab("evidence", "populations", "Populations", "populations:list", Permission.EVIDENCE_VIEW, 41, group="On file"))
