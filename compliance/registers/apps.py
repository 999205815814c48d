from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "compliance.registers"
    label = "registers"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.registers.selectors import undecided_count
        from compliance.web.navigation import Entry, register

        register(
            Entry(
                "registers", "Scope", "registers:list", Permission.SCOPE_VIEW, 20, count=lambda _: undecided_count(),
                covers=("parties", "complements", "assurance", "commitments", "ledger"),
            )  # fmt: skip
        )
