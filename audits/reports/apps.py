from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "audits.reports"
    label = "reports"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.web.sections import Tab, register_tab

        from . import receivers  # noqa: F401

        page = "reports:completeness"
        register_tab(Tab("evidence", "completeness", "Completeness", page, Permission.REPORT_VIEW, 16, group="Expected", whole=False))
