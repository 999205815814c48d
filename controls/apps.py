from django.apps import AppConfig


class ControlsConfig(AppConfig):
    name = "controls"
    label = "controls"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.descriptions import sections
        from compliance.programmes import conditions as exits
        from compliance.programmes import operations as timing
        from compliance.scoping.above import named
        from compliance.web.navigation import Entry, register

        from .conditions import conditions, operations
        from .descriptions import controls_by_criterion
        from .reach import controls_naming

        sections.register("controls", controls_by_criterion)
        exits.register("controls", conditions)
        named.register("controls", controls_naming)
        timing.register("controls", operations)
        register(Entry("controls", "Controls", "controls:matrix", Permission.CONTROL_VIEW, 30, covers=("crosswalk",)))
