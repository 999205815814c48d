from django.apps import AppConfig


class BoundaryConfig(AppConfig):
    name = "compliance.boundary"
    label = "boundary"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.web.sections import Tab, register_tab

        register_tab(Tab("registers", "boundary", "Boundary", "boundary:diagram", Permission.SCOPE_VIEW, 45))
