from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "evidence.packs"
    label = "evidence_packs"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.web.sections import Tab, register_tab

        from . import receivers  # noqa: F401

        register_tab(Tab("evidence", "packs", "Packs", "packs:list", Permission.PACK_VIEW, 99, group="Proof"))
