from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "compliance.programmes"
    label = "programmes"

    def ready(self) -> None:
        from compliance.parties.periods import register

        from . import conditions, own_conditions
        from .observation import periods_under_way

        register("programmes", periods_under_way)
        conditions.register("programmes", own_conditions.conditions)
