from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "compliance.parties"
    label = "parties"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.desk.registry import register, register_digest
        from compliance.web.sections import Tab, register_tab

        from .desk import news_for, work_for

        register("parties", work_for)
        register_digest("parties", news_for)
        register_tab(Tab("registers", "parties", "Third parties", "parties:list", Permission.SCOPE_VIEW, 50))
