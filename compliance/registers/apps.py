from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "compliance.registers"
    label = "registers"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.registers.selectors import undecided_count
        from compliance.web.navigation import Entry, register
        from compliance.web.sections import Tab, register_tab

        may = Permission.SCOPE_VIEW
        register(
            Entry(
                "registers", "Scope", "registers:list", may, 20, count=lambda _: undecided_count(),
                covers=("complements", "assurance"),
            )  # fmt: skip
        )
        for order, (key, label, url_name) in enumerate((
            ("systems", "Register", "registers:list"),
            ("inbox", "Inbox", "registers:inbox"),
            ("services", "Services", "registers:services"),
            ("flows", "Flows", "registers:flows"),
        )):
            register_tab(Tab("registers", key, label, url_name, may, 10 * (order + 1)))
        register_tab(Tab("registers", "workers", "Workers", "registers:workers", may, 90))
