from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "compliance.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from . import checks  # noqa: F401
