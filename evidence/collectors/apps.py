from django.apps import AppConfig


class CollectorsConfig(AppConfig):
    name = "evidence.collectors"
    label = "collectors"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.web.sections import Tab, register_tab
        from evidence.services import freshness, verify

        from . import receivers  # noqa: F401
        from .desk import news_for, work_for
        from .inspecting import check_sightings
        from .selectors import retired_ids

        verify.further.register("sightings", check_sightings)
        freshness.ended_sources.register("collectors", retired_ids)
        registry.register("collectors", work_for)
        registry.register_digest("collectors", news_for)

        may, accounts = Permission.CONNECTION_VIEW, "connections:list"
        register_tab(Tab("evidence", "connections", "Connections", accounts, may, 50, group="Collected"))
        register_tab(Tab("evidence", "accounts", "Accounts", accounts, may, 1, under="connections"))
        register_tab(Tab("evidence", "runs", "Runs", "connections:runs", may, 2, under="connections"))
