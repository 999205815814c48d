from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    label = "audits"

    def ready(self) -> None:
        """Give the ground its contributions: its index entry, work that waits, doors to portals, an objection."""
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.people import entrances, independence
        from compliance.programmes import conditions as exits
        from compliance.web import navigation

        from .conditions import conditions
        from .selectors.desk import news_for, work_for
        from .selectors.seats import doors, objection_to_membership

        navigation.register(navigation.Entry("audits", "Audits", "audits:list", Permission.AUDIT_VIEW, 60))
        exits.register("audits", conditions)
        registry.register("audits", work_for)
        registry.register_digest("audits", news_for)
        entrances.register(doors)
        independence.register(objection_to_membership)
