from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "evidence.coverage"
    label = "coverage"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.web.sections import Tab, register_tab

        from .desk import news_for, work_for

        registry.register("coverage", work_for)
        registry.register_digest("coverage", news_for)
        may, year, under = Permission.EVIDENCE_VIEW, "coverage:year", "coverage"
        register_tab(Tab("evidence", "coverage", "Coverage", year, may, 15, group="Expected"))
        register_tab(Tab("evidence", "period", "The period", year, may, 1, under=under))
        register_tab(Tab("evidence", "ahead", "Going stale", "coverage:ahead", may, 2, under=under))
