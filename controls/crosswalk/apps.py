from django.apps import AppConfig


class CrosswalkConfig(AppConfig):
    name = "controls.crosswalk"
    label = "crosswalk"

    def ready(self) -> None:
        from compliance.frameworks.succession import register

        from .inheriting import carry_mappings_over, name_programmes_left

        register("mappings", carry_mappings_over)
        register("programmes", name_programmes_left)
