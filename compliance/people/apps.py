from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "compliance.people"
    label = "people"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.web.navigation import Entry, register

        from . import receivers  # noqa: F401 - connects them

        under = ("trail", "frameworks")
        register(Entry("people", "Settings", "people:members", Permission.PEOPLE_VIEW, 90, covers=under))
