"""Where each operation of the API leads, and what can be sent to it, in a room that has one of everything."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from audits.models import ExternalComment, InternalComment
from audits.readiness.figures import rebuild_figures
from compliance.people.models import Membership, User
from compliance.tenancy.clock import now, today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from compliance.web.api_docs import operations
from controls.models import Control
from evidence.models import Version
from gaps.models import Occurrence
from tests.house.world import World, furnish

#: The noun of tests/house/world.py that `{id}` names, by the collection before it.
NOUNS = {
    "memberships": "membership", "tokens": "token", "systems": "system", "workers": "worker", "programmes": "programme",
    "report-demands": "demand", "budget-lines": "budget_line",
    "compensations": "compensation",
    "controls": "control", "evidence-requirements": "evidence_requirement", "evidence": "artefact", "versions": "version",
    "connections": "connection", "runs": "run", "check-results": "check_state", "check-intervals": "interval", "gaps": "gap",
    "audits": "audit", "requests": "request", "trail": "entry", "frameworks": "framework", "requirements": "requirement",
    "frameworks/coverage": "framework", "coverage": "coverage", "own-frameworks": "own", "own-requirements": "rule",
    "crosswalk": "crosswalk", "mappings": "mapping", "requests/evidence": "request_evidence",
    "parties": "party", "party-reviews": "party_review", "party-reports": "party_report", "carve-outs": "nested",
    "bridge-letters": "bridge_letter", "expected-controls": "expected", "user-entity-controls": "cuec",
    "own-user-entity-controls": "own_cuec", "party-files": "party_paper", "commitments": "commitment",
    "incidents": "incident", "changes": "change", "descriptions": "description", "description-versions": "description_version",
    "scope-confirmations": "confirmation", "programme-reviews": "review", "review-actions": "review_action",
    "services": "service", "flows": "flow", "data-classes": "data_class", "scope-warnings": "decided_warning",
    "control-reviews": "control_review", "review-plans": "plan", "review-delegations": "delegation",
    "review-evidence": "backing", "packs": "ready_pack", "check-exceptions": "exception", "own-checks": "own_check",
    "check-thresholds": "threshold",
    "look-backs": "look_back",
    "populations": "population", "population-versions": "population_version", "population-drafts": "population_draft",
    "population-differences": "mismatch",
    "source-links": "source_link", "uploads": "upload", "documents": "document", "lint-findings": "lint_finding",
    "access-reviews": "campaign", "access-lists": "account_list", "access-accounts": "account", "access-removals": "access_removal",
    "evidence-asks": "ask",
    "applicability-statements": "applicability_statement", "applicability-rows": "applicability_row",
    "applicability-versions": "applicability_version",
    "leaves": "leaf", "checkpoints": "checkpoint",
}  # fmt: skip
#: What is named by a number of its own.
NUMBERED = {"leaf": "index", "checkpoint": "size"}
#: Catalogues in code: what `{id}` is there.
WORDS = {"vendors": "github", "fact-kinds": "push.accounts", "checks": "github.org.2fa_required",
         "population-templates": "joiners"}
#: What everybody may read: shipped frameworks and catalogues in code.
SHARED = {"frameworks", "requirements", "crosswalk", *WORDS}
FILE = "multipart/form-data"


@dataclass(frozen=True)
class Operation:
    """One call: how it is made in a world."""

    method: str
    path: str
    scope: str
    media_type: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def collection(self) -> str:
        """The first noun of the path."""
        return self.path.split("/")[3]

    @property
    def names_something(self) -> bool:
        return "{" in self.path

    def address(self, world: World) -> str:
        """The path with this world's ids."""
        parts, address = self.path.strip("/").split("/"), []
        for place, part in enumerate(parts):
            address.append(_identifier(world, parts, place) if part.startswith("{") else part)
        return f"/{'/'.join(address)}/"


def _identifier(world: World, parts: list[str], place: int) -> str:
    before = parts[place - 1]
    if before in WORDS:
        return WORDS[before]
    under = [key for key in NOUNS if key.endswith(f"/{before}") and key.partition("/")[0] in parts]
    noun = NOUNS[under[0] if under else before]
    return str(getattr(world[noun], NUMBERED.get(noun, "pk")))


def every_operation() -> list[Operation]:
    """Each operation of the description."""
    found = []
    for path, method, operation in operations():
        media = next(iter(operation.get("requestBody", {}).get("content", {})), "")
        said = operation.get("description", "").rpartition("Scope: ")[2].strip("`") if "Scope: " in operation.get("description", "") else ""
        found.append(Operation(method, path, said, media))
    return found


def furnished(organization: Organization, person: Any, name: str) -> World:
    """`furnish`, with what only the API names: a trail entry, a relation, comments, figures."""
    from compliance.frameworks.models import Crosswalk

    world = furnish(organization, person.membership, name)
    with scope(organization):
        world.objects["entry"] = Entry.objects.create(
            actor_kind="person", actor_label=f"{name} person", action="gaps.gap.opened", target_type="gaps.gap",
            target_id=world["gap"].pk, target_label=f"{name} gap",
        )
        world.objects["crosswalk"] = Crosswalk.objects.first()
        world.objects["third_control"] = Control.objects.create(ref="AC-94", title=f"{name} third", statement="Done yearly.")
        world.objects["colleague"] = _colleague(name)
        world.objects["newer"] = Version.objects.create(
            artefact=world["artefact"], number=900, sha256=world["version"].sha256, size=1, media_type="text/plain",
            filename=f"{name}.txt", received_at=now(), effective_start=now(), effective_end=now(), provided_by_label=name,
        )
        _propose(world)
        for kind, more in ((InternalComment, {}), (ExternalComment, {"by_auditor": False})):
            kind.objects.create(request=world["request"], author=f"{name} person", text=f"{name} comment", **more)
        Occurrence.objects.filter(gap=world["gap"]).update(message=f"{name} message")
        rebuild_figures()
    return world


def _colleague(name: str) -> Membership:
    """Another who may answer reviews."""
    user = User.objects.create_user(f"colleague@{name}.example", None, name=f"{name} colleague")
    return Membership.objects.create(user=user, role="control_owner", name=user.name, email=user.email)


def _propose(world: World) -> None:
    """The control meets the own rule, which asks what CC6.2 asks: so it is proposed for that."""
    from compliance.frameworks.models import Crosswalk, Requirement
    from controls.models import Mapping

    rule = world["rule"]
    target = Requirement.objects.get(framework=world["framework"], ref="CC6.2")
    Mapping.objects.create(control=world["control"], requirement=rule, framework_owner_id=rule.organization_id)
    Crosswalk.objects.create(
        source=rule, source_owner_id=rule.organization_id, target=target, relation="equal", confidence="stated"
    )
    world.objects["asked"] = target


def bodies(world: World) -> dict[str, Any]:
    """A body that goes through for each operation that writes, with this world's ids."""
    day, moment = today(), now() - timedelta(days=1)
    member, span = str(world["membership"].pk), {"effective_start": moment.isoformat(), "effective_end": moment.isoformat()}
    programme = {
        "kind": "soc2_type_1", "name": "Type I", "framework": str(world["framework"].pk), "as_of": day.isoformat(),
        "fieldwork_start": (day + timedelta(days=300)).isoformat(),
    }
    frame = {"name": "Stage 1", "firm": "Other LLP", "starts_on": day.isoformat(), "ends_on": day.isoformat()}
    return {
        "POST systems": {"kind": "database", "name": "Ledger", "owner": member},
        "PATCH systems/{id}": {"name": "Renamed", "owner": member},
        "POST services": {"name": "Payments", "owner": member},
        "PATCH services/{id}": {"description": "What shops pay with.", "active": False},
        "POST flows": {"source": str(world["system"].pk), "target": str(world["party"].system_id), "encrypted": True},
        "PATCH flows/{id}": {"direction": "both_ways", "encrypted": None},
        "POST data-classes": {"name": "Health records"},
        "POST systems/{id}/decide": {"decision": "in", "justification": "It holds customers' data."},
        "POST workers/import": {"source": "HR", "workers": [{"id": "w2", "name": "Ana", "email": "ana@example.org"}]},
        "POST parties": {"name": "Post office", "role": "vendor", "reviewer": member},
        "PATCH parties/{id}": {"purpose": "It runs our servers.", "reviewer": member},
        "POST party-reviews": {"party": str(world["party"].pk), "outcome": "satisfactory", "note": "Its report was read."},
        "POST party-reports": {
            "party": str(world["party"].pk), "kind": "iso_certificate", "issuer": "Certifiers", "ends_on": day.isoformat(),
            "opinion": "none", "nested": ["Deep Storage"],
        },
        "PATCH party-reports/{id}": {"exceptions": "One late review."},
        "PATCH carve-outs/{id}": {"answer": "Its own report was read."},
        "POST bridge-letters": {
            "party": str(world["party"].pk), "report": str(world["party_report"].pk), "starts_on": day.isoformat(),
            "ends_on": day.isoformat(), "signed_by": "Chief officer", "signed_on": day.isoformat(), "incidents": "none",
        },
        "PATCH bridge-letters/{id}": {"report": str(world["party_report"].pk), "statement": "No incidents."},
        "POST expected-controls": {
            "party": str(world["party"].pk), "text": "Guards its doors.", "requirements": [str(world["requirement"].pk)],
        },
        "PATCH expected-controls/{id}": {"text": "Guards its halls.", "requirements": [str(world["requirement"].pk)]},
        "POST user-entity-controls": {"report": str(world["party_report"].pk), "number": "7", "text": "Leavers are removed."},
        "POST user-entity-controls/{id}/map": {"controls": [str(world["control"].pk)]},
        "POST own-user-entity-controls": {"text": "Keep your keys.", "requirements": [str(world["requirement"].pk)]},
        "PATCH own-user-entity-controls/{id}": {"text": "Keep your key.", "requirements": [str(world["requirement"].pk)]},
        "POST scope-warnings/{id}/decide": {"reason": "It is a copy.", "review_on": (day + timedelta(days=90)).isoformat()},
        "POST scope-warnings/{id}/withdraw": {"reason": "It is none."},
        "POST commitments": {
            "kind": "commitment", "promise": "uptime", "text": "Up 99.9%", "source": "SLA, 2",
            "requirements": [str(world["requirement"].pk)],
        },
        "PATCH commitments/{id}": {"source": "SLA, 3", "requirements": [str(world["requirement"].pk)]},
        "POST commitments/{id}/withdraw": {"reason": "The plan ended."},
        "POST own-frameworks": {"title": "House rules"},
        "PATCH own-frameworks/{id}": {"title": "House rules of ours"},
        "POST own-requirements": {"framework": str(world["own"].pk), "ref": "R2", "title": "It ends."},
        "PATCH own-requirements/{id}": {"title": "It ends on the day."},
        "POST programmes/{programme}/carried/confirm": {"proposals": [
            {"control": str(world["control"].pk), "requirement": str(world["asked"].pk), "part": "All of it"}
        ]},
        "POST programmes/{programme}/carried/dismiss": {"reason": "Another system.", "proposals": [
            {"control": str(world["control"].pk), "requirement": str(world["asked"].pk)}
        ]},
        "POST programmes": programme,
        "PATCH programmes/{id}": {"name": "Renamed"},
        "POST programmes/{id}/leave-out": {"requirement": str(world["requirement"].pk), "reason": "No such thing here."},
        "POST programmes/{id}/take-in": {"requirement": str(world["requirement"].pk)},
        "POST programmes/{id}/cover": {"services": []},
        "PUT programmes/{programme}/selection": {"reason": "A customer asks for it."},
        "PUT programmes/{programme}/tolerance": {"before": 30, "after": 45, "firm": "Corbel & Lyne"},
        "POST report-demands": {"programme": str(world["programme"].pk), "asked_by": "A bank", "report": "Type II", "months": 6},
        "PATCH report-demands/{id}": {"deal": "Renewal"},
        "POST budget-lines": {
            "programme": str(world["programme"].pk), "phase": "audit", "unit": "fee", "what": "Auditor", "currency": "EUR",
            "planned": "20000.00",
        },
        "PATCH budget-lines/{id}": {"actual": "18000.00"},
        "POST incidents": {
            "title": "Outage", "nature": "It stood.", "started_on": day.isoformat(), "systems": [str(world["system"].pk)],
        },
        "PATCH incidents/{id}": {"title": "Renamed"},
        "POST incidents/{id}/decide": {"disclosure": "disclose", "reason": "It broke a commitment."},
        "POST changes": {"kind": "people", "title": "A new team", "happened_on": day.isoformat()},
        "PATCH changes/{id}": {"title": "Renamed"},
        "POST changes/{id}/decide": {"disclosure": "keep_out", "reason": "It bears on no control."},
        "POST descriptions/{id}/write": {"key": "DC1", "text": "What we do.", "revision": 1},
        "POST descriptions/{id}/keep": {"note": "First."},
        "POST scope-confirmations": {
            "programme": str(world["programme"].pk), "confirmed_by": "Auditor", "confirmed_on": day.isoformat(), "source": "Mail.",
        },
        "POST programme-reviews": {
            "programme": str(world["programme"].pk), "cadence": "annual", "covers_from": "2025-01-01", "covers_to": "2025-12-31",
        },
        "PATCH programme-reviews/{id}": {"lessons": "None."},
        "POST programme-reviews/{review}/actions": {"text": "Tell them.", "owner": member, "due_on": day.isoformat()},
        "POST review-actions/{id}/finish": {"note": "Told."},
        "POST controls": {"ref": "AC-92", "title": "Reviews", "statement": "Access is reviewed.", "owner": member},
        "PATCH controls/{id}": {"title": "Renamed", "owner": member},
        "POST controls/{id}/retire": {"reason": "Replaced."},
        "POST controls/{id}/conclude": {"design": "suitable", "reason": "Read and walked through."},
        "POST controls/{id}/confirm-population": {"note": "Compared with payroll."},
        "POST controls/{id}/apply": {"systems": [str(world["system"].pk)], "services": []},
        "POST controls/{control}/compensations": {
            "by": str(world["third_control"].pk), "reason": "It does the same by hand.", "starts_on": day.isoformat(),
        },
        "POST controls/{control}/compensations/{id}/end": {"reason": "The first works again."},
        "POST controls/{control}/mappings": {"requirement": str(world["requirement"].pk), "part": "All of it"},
        "POST control-reviews/{id}/attest": {
            "performed_on": day.isoformat(), "said": "Gone through with the owners.", "evidence": [str(world["artefact"].pk)],
        },
        "POST control-reviews/{id}/report-exception": {
            "said": "March was left out.", "consequence": "Two accounts stayed.", "remedy": "They are closed.",
        },
        "POST control-reviews/{id}/skip": {"reason": "The system is gone."},
        "POST review-plans": {"control": str(world["control"].pk), "cadence": "weekly", "reason": "It changes often."},
        "POST review-delegations": {
            "owner": member, "delegate": str(world["colleague"].pk), "starts_on": day.isoformat(),
            "ends_on": (day + timedelta(days=5)).isoformat(), "reason": "Leave.",
        },
        "POST applicability-statements": {"programme": str(world["iso_programme"].pk)},
        "POST applicability-statements/{id}/climate": {"issue": False, "parties": True, "reason": "A customer asks for figures."},
        "POST applicability-statements/{id}/submit": {"note": "First."},
        "PATCH applicability-rows/{id}": {"decision": "included", "drivers": {"law": "Payment law."}, "owner": member},
        "POST applicability-rows/{id}/sign": {"reason": "Small enough.", "revision": 0},
        "POST evidence-requirements": {
            "control": str(world["control"].pk), "key": "review", "title": "Review", "cadence": "monthly", "source": "person",
            "kind": "sample", "items": ["PBC-062"], "steps": ["Fix the list.", "Sign it."], "template": "access-review",
            "naming": "{control}_{key}_{date}", "population_template": "access_reviews", "thresholds": {},
        },
        "PATCH evidence-requirements/{id}": {"title": "Renamed", "owner": member, "kind": "document"},
        "POST evidence": {"title": "Minutes", "requirements": [str(world["evidence_requirement"].pk)], **span},
        "POST evidence/{id}/link": {"requirement": str(world["evidence_requirement"].pk)},
        "POST evidence/{id}/unlink": {"requirement": str(world["evidence_requirement"].pk)},
        "POST evidence/{artefact}/versions": span,
        "POST versions/{id}/decide": {"acceptance": "approved"},
        "POST versions/{id}/supersede": {"by": str(world["newer"].pk), "reason": "The older one is cropped."},
        "POST packs": {"kind": "control", "subject": str(world["control"].pk)},
        "POST populations": {
            "template": "vendors", "name": "Third parties", "source": "room.vendors", "owner": member,
            "controls": [str(world["third_control"].pk)],
        },
        "PATCH populations/{id}": {"name": "Renamed", "owner": member},
        "POST populations/{id}/freeze": {"first": day.isoformat(), "last": day.isoformat(), "zone": "UTC"},
        "POST populations/{id}/upload": {
            "first": day.isoformat(), "last": day.isoformat(), "zone": "UTC", "system": "HR", "query": "All leavers",
            "drawn_at": "2026-01-05T09:30:00Z",
        },
        "POST population-drafts/{id}/map": {"mapping": {"Id": "worker"}},
        "POST population-versions/{id}/answer": {
            "step": "source", "result": "holds", "note": "Opened it.", "evidence": str(world["version"].pk),
        },
        "POST population-versions/{id}/confirm": {"note": "Gone through."},
        "POST population-versions/{id}/withdraw": {"note": "Something came to light."},
        "POST population-differences/{id}/decide": {"ruling": "timing", "reason": "It was closed the next day."},
        "POST source-links": {
            "artefact": str(world["artefact"].pk), "url": "https://example.org", "shows": "All users.", "as_of": day.isoformat(),
        },
        "POST uploads": {"filename": "minutes.txt", "size": 7},
        "POST uploads/{id}/parts": {"number": 1, "sha256": hashlib.sha256(b"Agreed.").hexdigest()},
        "POST uploads/{id}/hand-in": {"artefact": str(world["artefact"].pk), **span},
        "POST lint-findings/{id}/answer": {"text": "It is dated by its name."},
        "POST access-reviews": {
            "name": "Third quarter", "requirement": str(world["evidence_requirement"].pk), "covers_from": day.isoformat(),
            "covers_to": (day + timedelta(days=90)).isoformat(), "due_on": (day + timedelta(days=100)).isoformat(),
            "systems": [str(world["system"].pk)], "reviewer": member, "stand_in": str(world["colleague"].pk),
        },
        "POST access-reviews/{id}/skip": {"reason": "The system is being replaced."},
        "POST access-lists/{id}/assign": {"reviewer": str(world["colleague"].pk), "stand_in": member},
        "POST access-lists/{id}/bring": {"drawn_on": day.isoformat(), "note": "Settings, Users, Export."},
        "POST access-accounts/{id}/decide": {"verdict": "keep", "reason": "Needed."},
        "POST evidence-asks": {
            "requirement": str(world["evidence_requirement"].pk), "member": str(world["colleague"].pk),
            "due_on": (day + timedelta(days=7)).isoformat(),
        },
        "POST evidence-asks/{id}/withdraw": {"reason": "It is here already."},
        "POST evidence-asks/{id}/send-back": {"reason": "No date can be seen."},
        "POST connections": {"vendor": "github", "name": "Code", "fields": {"organization": "ledger", "token": "ghp_secret"}},
        "PATCH connections/{id}": {"name": "Renamed"},
        "POST connections/{id}/retire": {"reason": "Another account took its place."},
        "POST facts": {
            "source": world["source"].slug, "kind": "push.accounts", "as_of": f"{day - timedelta(days=1)}T06:00:00Z",
            "complete": True, "rows": [{"login": "ada", "active": True}],
        },
        "POST checks/{id}/judge-day": {"day": (day - timedelta(days=1)).isoformat()},
        "POST check-exceptions": {
            "check": "github.org.2fa_required", "connection": str(world["connection"].pk), "reason": "It ends in spring.",
            "until": (day + timedelta(days=20)).isoformat(),
        },
        "POST connections/{connection}/failures/ask": {
            "reason": "The account is gone.", "until": (day + timedelta(days=20)).isoformat(),
        },
        "POST connections/{connection}/failures/refuse": {"note": "Put it right."},
        "POST check-exceptions/{id}/refuse": {"note": "Put it right."},
        "POST check-exceptions/{id}/revoke": {"note": "It is over."},
        "POST own-checks": {
            "slug": "second", "title": "Members have two factors", "fact_kind": "github.members", "passes": "row.two_factor",
            "resource": "row.login", "severity": "low", "why": "It matters.", "remedy": "Switch it on.", "examples": [
                {"row": {"login": "a", "two_factor": True}, "outcome": "pass"},
                {"row": {"login": "b", "two_factor": False}, "outcome": "fail"},
            ],
        },
        "PATCH own-checks/{id}": {"title": "Renamed"},
        "POST check-thresholds": {"check": "okta.users.inactive", "name": "days", "value": 45, "reason": "Policy 4, version 2."},
        "POST look-backs": {
            "check": "github.org.default_permission", "connection": str(world["connection"].pk),
            "since": (day - timedelta(days=30)).isoformat(),
        },
        "PATCH gaps/{id}": {"owner": member, "due_date": (day + timedelta(days=5)).isoformat()},
        "POST audits": {**frame, "programme": str(world["programme"].pk)},
        "PATCH audits/{id}": {"name": "Renamed"},
        "POST audits/{audit}/packs": {"pack": str(world["ready_pack"].pk)},
        "POST audits/{audit}/requests": {"title": "List of users", "due_date": day.isoformat(), "assignee": member},
        "PATCH requests/{id}": {"control": str(world["control"].pk)},
        "POST requests/{id}/assign": {"assignee": member},
        "POST requests/{id}/send-back": {"reason": "The list is not dated."},
        "POST requests/{id}/withdraw": {"reason": "A page is missing."},
        "POST requests/{item}/evidence": {"version": str(world["version"].pk)},
        "POST requests/{item}/internal-comments": {"text": "Is it the right month?"},
        "POST requests/{item}/comments": {"text": "It is on its way."},
    }  # fmt: skip


def body_of(operation: Operation, world: World) -> Any:
    """What to send to an operation; nothing where it takes nothing."""
    return bodies(world).get(f"{operation.method} {operation.path.removeprefix('/api/v1/').strip('/')}", {})
