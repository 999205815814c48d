from django.apps import AppConfig


class JudgingConfig(AppConfig):
    name = "evidence.judging"
    label = "judging"

    def ready(self) -> None:
        """Listen to the floor; let checks of one's own be found; give people the exceptions that wait for them."""
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.web.sections import Tab, register_tab
        from evidence.checks import catalogue

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for
        from .own import own_checks

        catalogue.add_source(own_checks)
        registry.register("judging", work_for)
        registry.register_digest("judging", news_for)
        may, checks = Permission.EVIDENCE_VIEW, "checks:list"
        register_tab(Tab("evidence", "checks", "Checks", checks, may, 51, group="Collected"))
        register_tab(Tab("evidence", "all_checks", "All checks", checks, may, 1, under="checks"))
        register_tab(Tab("evidence", "exceptions", "Exceptions", "checks:exceptions", may, 2, under="checks"))
        register_tab(Tab("evidence", "own_checks", "Checks of your own", "checks:own", may, 3, under="checks"))
