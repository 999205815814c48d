from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "evidence.requests"
    label = "evidence_requests"

    def ready(self) -> None:
        """Listen to decisions; give the desk what was asked of people, and what they handed in."""
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.web.sections import Tab, register_tab

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for

        registry.register("evidence_requests", work_for)
        registry.register_digest("evidence_requests", news_for)
        list_ = "evidence_requests:list"
        register_tab(Tab("evidence", "evidence_requests", "Evidence requests", list_, Permission.EVIDENCE_VIEW, 43, group="On file"))
