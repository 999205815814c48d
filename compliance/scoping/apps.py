from django.apps import AppConfig


class ScopingConfig(AppConfig):
    name = "compliance.scoping"
    label = "scoping"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.desk.registry import register, register_digest
        from compliance.web.sections import Tab, register_tab

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for
        from .selectors import open_count

        register("scoping", work_for)
        register_digest("scoping", news_for)
        register_tab(
            Tab(
                "registers", "warnings", "Warnings", "scoping:warnings", Permission.SCOPE_VIEW, 15,
                count=lambda _: open_count(),
            )
        )  # fmt: skip
