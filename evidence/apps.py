from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    label = "evidence"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.programmes import conditions as exits
        from compliance.scoping import above
        from compliance.web.navigation import Entry, register

        from . import receivers, scoping  # noqa: F401
        from .conditions import conditions
        from .desk import news_for, work_for

        register(
            Entry(
                "evidence", "Evidence", "evidence:list", Permission.EVIDENCE_VIEW, 40,
                covers=(
                    "connections", "checks", "coverage", "populations", "access_reviews", "evidence_requests", "packs", "log",
                ),
            )
        )  # fmt: skip
        exits.register("evidence", conditions)
        above.collected.register("evidence", scoping.collected)
        above.added.register("evidence", scoping.added)
        above.supported.register("evidence", scoping.supported)
        registry.register("evidence", work_for)
        registry.register_digest("evidence", news_for)
