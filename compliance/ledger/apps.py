from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "compliance.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Incidents and changes lie under Scope, whose tabs lead to them; the index gets no entry of its own."""
        from compliance.desk import registry

        from .desk import work_for

        registry.register("ledger", work_for)
