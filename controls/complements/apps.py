from django.apps import AppConfig


class ComplementsConfig(AppConfig):
    name = "controls.complements"
    label = "complements"

    def ready(self) -> None:
        from compliance.parties.warning_lines import register

        from .selectors import warnings_on

        register("complements", warnings_on)
