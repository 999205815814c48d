from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "compliance.commitments"
    label = "commitments"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.web.sections import Tab, register_tab

        register_tab(Tab("registers", "commitments", "Commitments", "commitments:list", Permission.SCOPE_VIEW, 80))
