from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "audits.readiness"
    label = "readiness"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.web.navigation import Entry, register

        from . import receivers  # noqa: F401
        from .waiting import number_waiting

        # Both entries share a namespace, so each names the single pages that lie under it.
        dashboard, work = "readiness:dashboard", "readiness:work"
        register(Entry("dashboard", "Dashboard", dashboard, Permission.DASHBOARD_VIEW, 10, covers=("readiness:requirements",)))
        register(Entry("work", "My work", work, Permission.WORK_VIEW, 70, count=number_waiting))
