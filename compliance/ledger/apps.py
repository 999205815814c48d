from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "compliance.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Incidents and changes lie under Scope, whose tabs lead to them; the index gets no entry of its own."""
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.web.sections import Tab, register_tab

        from .desk import work_for

        registry.register("ledger", work_for)
        register_tab(Tab("registers", "incidents", "Incidents", "ledger:incidents", Permission.LEDGER_VIEW, 95))
        register_tab(Tab("registers", "changes", "Changes", "ledger:changes", Permission.LEDGER_VIEW, 96))
