from django.apps import AppConfig


class ControlsConfig(AppConfig):
    name = "controls"
    label = "controls"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.web.navigation import Entry, register

        register(Entry("controls", "Controls", "controls:matrix", Permission.CONTROL_VIEW, 30))
