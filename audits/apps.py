from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    label = "audits"

    def ready(self) -> None:
        """Give the ground its contributions: an entry of the index, doors to portals, an objection to memberships."""
        from compliance.access.permissions import Permission
        from compliance.people import entrances, independence
        from compliance.web import navigation

        from .selectors.seats import doors, objection_to_membership

        navigation.register(navigation.Entry("audits", "Audits", "audits:list", Permission.AUDIT_VIEW, 60))
        entrances.register(doors)
        independence.register(objection_to_membership)
