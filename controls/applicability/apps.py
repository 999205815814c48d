from django.apps import AppConfig


class ApplicabilityConfig(AppConfig):
    name = "controls.applicability"
    label = "applicability"

    def ready(self) -> None:
        """What it tells the ground: what it decides, what an exit depends on, and what waits for people."""
        from compliance.desk import registry
        from compliance.programmes import conditions as exits
        from compliance.programmes import deciders

        from .conditions import conditions
        from .deciding import statement_decides
        from .desk import lines_for, work_for

        deciders.register("applicability", statement_decides)
        exits.register("applicability", conditions)
        registry.register("applicability", work_for)
        registry.register_digest("applicability", lines_for)
