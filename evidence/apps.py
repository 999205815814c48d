from django.apps import AppConfig

#: Where each group of Evidence begins; rooms that add a part to one choose a number after it.
_ORDER = {"": 0, "Expected": 10, "On file": 30, "Proof": 70}


class EvidenceConfig(AppConfig):
    name = "evidence"
    label = "evidence"

    def ready(self) -> None:
        from compliance.access.permissions import Permission
        from compliance.desk import registry
        from compliance.programmes import conditions as exits
        from compliance.scoping import above
        from compliance.web.navigation import Entry, register
        from compliance.web.sections import Tab, register_tab

        from . import receivers, scoping  # noqa: F401
        from .conditions import conditions
        from .desk import news_for, work_for

        may = Permission.EVIDENCE_VIEW
        register(Entry("evidence", "Evidence", "evidence:list", may, 40, covers=("uploads",)))
        for order, (key, label, url_name, group, under) in enumerate((
            ("requirements", "Requirements", "evidence:list", "Expected", ""),
            ("artefacts", "Artefacts", "evidence:artefacts", "On file", ""),
            ("newest", "Newest first", "evidence:artefacts", "", "artefacts"),
            ("filed", "As filed", "evidence:filed", "", "artefacts"),
            ("log", "Log", "log:leaves", "Proof", ""),
            ("leaves", "Leaves", "log:leaves", "", "log"),
            ("checkpoints", "Checkpoints", "log:checkpoints", "", "log"),
            ("prove", "Prove an earlier one", "log:prove", "", "log"),
            ("keys", "Keys", "log:keys", "", "log"),
            ("inspection", "Inspection", "log:inspection", "", "log"),
        )):
            register_tab(Tab("evidence", key, label, url_name, may, _ORDER[group] + order, group=group, under=under))
        exits.register("evidence", conditions)
        above.collected.register("evidence", scoping.collected)
        above.added.register("evidence", scoping.added)
        above.supported.register("evidence", scoping.supported)
        registry.register("evidence", work_for)
        registry.register_digest("evidence", news_for)
