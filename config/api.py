"""The table of contents of the API: every noun below `/api/v1/`, in the order of the floors."""

import re

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from audits.api.answers import ExternalCommentEndpoint, InternalCommentEndpoint, RequestEvidenceEndpoint
from audits.api.audits import AuditEndpoint, SeatEndpoint, SharedPackEndpoint
from audits.api.requests import RequestEndpoint, RequestLogEndpoint
from audits.readiness.api import DashboardEndpoint, ReadinessEndpoint
from compliance.boundary.api import BoundaryEndpoint
from compliance.commitments.api import CommitmentEndpoint
from compliance.descriptions.api import DescriptionEndpoint, DescriptionVersionEndpoint
from compliance.frameworks.api import (
    CoverageEndpoint as FrameworkCoverageEndpoint,
)
from compliance.frameworks.api import (
    CrosswalkEndpoint,
    FrameworkEndpoint,
    ImportEndpoint,
    OwnFrameworkEndpoint,
    OwnRequirementEndpoint,
    RequirementEndpoint,
)
from compliance.ledger.api import ChangeEndpoint, IncidentEndpoint
from compliance.parties.api import (
    CarveOutEndpoint,
    ExpectedControlEndpoint,
    LetterEndpoint,
    OwnCuecEndpoint,
    PartyEndpoint,
    ReportEndpoint,
    ReviewEndpoint,
)
from compliance.people.api import CurrentTokenEndpoint, MembershipEndpoint, OrganizationEndpoint, TokenEndpoint
from compliance.programmes.api import ProgrammeEndpoint
from compliance.programmes.api_parts import (
    BudgetLineEndpoint,
    DemandEndpoint,
    ExitsEndpoint,
    SelectionEndpoint,
    TimingEndpoint,
)
from compliance.registers.api import DecisionEndpoint, RosterEndpoint, SystemEndpoint, WorkerEndpoint
from compliance.registers.landscape_api import DataClassEndpoint, FlowEndpoint, ServiceEndpoint
from compliance.rounds.api import ActionEndpoint, ConfirmationEndpoint, ProgrammeReviewEndpoint, ReviewActionEndpoint
from compliance.scoping.api import ScopeWarningEndpoint
from compliance.trail.api import EntryEndpoint
from compliance.web.api import Unknown
from compliance.web.api_docs import SchemaView, docs
from controls.api import ControlEndpoint, MappingEndpoint
from controls.api_of_history import CompensationEndpoint, ControlVersionEndpoint, DesignConclusionEndpoint
from controls.applicability.api import RowEndpoint, StatementEndpoint
from controls.applicability.api import VersionEndpoint as StatementVersionEndpoint
from controls.complements.api import CuecEndpoint
from controls.crosswalk.api import CarriedEndpoint
from controls.reviews.api import ControlReviewEndpoint, DelegationEndpoint, ReviewAnswerEndpoint, ReviewPlanEndpoint
from evidence.accessreviews.api import (
    AccessAccountEndpoint,
    AccessListEndpoint,
    AccessRemovalEndpoint,
    AccessReviewEndpoint,
)
from evidence.api import (
    ArtefactEndpoint,
    ArtefactVersionEndpoint,
    EvidenceRequirementEndpoint,
    SourceLinkEndpoint,
    VersionEndpoint,
)
from evidence.assurance.api import PaperEndpoint
from evidence.attesting.api import BackingEndpoint
from evidence.collectors.api import (
    ConnectionEndpoint,
    ConnectionRunEndpoint,
    CursorEndpoint,
    FactKindEndpoint,
    RunEndpoint,
    StepEndpoint,
    VendorEndpoint,
)
from evidence.collectors.api_of_facts import FactEndpoint
from evidence.coverage.api import CoverageEndpoint, ToleranceEndpoint
from evidence.judging.api.checks import CheckEndpoint, CheckResultEndpoint, IntervalEndpoint
from evidence.judging.api.exceptions import CheckExceptionEndpoint
from evidence.judging.api.own import LookBackEndpoint, OwnCheckEndpoint, ThresholdSettingEndpoint
from evidence.log.api import CheckpointEndpoint, ConsistencyEndpoint, KeyEndpoint, LeafEndpoint
from evidence.packs.api import PackEndpoint
from evidence.populations.api import (
    DraftEndpoint,
    MismatchEndpoint,
    PopulationEndpoint,
    PopulationTemplateEndpoint,
    PopulationVersionEndpoint,
)
from evidence.reading.api import DocumentEndpoint, LintFindingEndpoint
from evidence.requests.api import EvidenceAskEndpoint
from evidence.uploads.api import UploadEndpoint
from gaps.api import GapEndpoint, OccurrenceEndpoint
from gaps.api_of_sources import SourceFailuresEndpoint

router = SimpleRouter(use_regex_path=False)
for prefix, endpoint in (
    ("memberships", MembershipEndpoint),
    ("tokens", TokenEndpoint),
    ("trail", EntryEndpoint),
    ("frameworks", FrameworkEndpoint),
    ("requirements", RequirementEndpoint),
    ("crosswalk", CrosswalkEndpoint),
    ("own-frameworks", OwnFrameworkEndpoint),
    ("own-requirements", OwnRequirementEndpoint),
    ("systems", SystemEndpoint),
    ("systems/<uuid:system>/decisions", DecisionEndpoint),
    ("services", ServiceEndpoint),
    ("flows", FlowEndpoint),
    ("data-classes", DataClassEndpoint),
    ("workers", WorkerEndpoint),
    ("parties", PartyEndpoint),
    ("party-reviews", ReviewEndpoint),
    ("party-reports", ReportEndpoint),
    ("carve-outs", CarveOutEndpoint),
    ("bridge-letters", LetterEndpoint),
    ("expected-controls", ExpectedControlEndpoint),
    ("user-entity-controls", CuecEndpoint),
    ("own-user-entity-controls", OwnCuecEndpoint),
    ("party-files", PaperEndpoint),
    ("commitments", CommitmentEndpoint),
    ("scope-warnings", ScopeWarningEndpoint),
    ("programmes", ProgrammeEndpoint),
    ("report-demands", DemandEndpoint),
    ("budget-lines", BudgetLineEndpoint),
    ("incidents", IncidentEndpoint),
    ("changes", ChangeEndpoint),
    ("descriptions", DescriptionEndpoint),
    ("description-versions", DescriptionVersionEndpoint),
    ("scope-confirmations", ConfirmationEndpoint),
    ("programme-reviews", ProgrammeReviewEndpoint),
    ("programme-reviews/<uuid:review>/actions", ReviewActionEndpoint),
    ("review-actions", ActionEndpoint),
    ("controls", ControlEndpoint),
    ("controls/<uuid:control>/mappings", MappingEndpoint),
    ("controls/<uuid:control>/versions", ControlVersionEndpoint),
    ("controls/<uuid:control>/conclusions", DesignConclusionEndpoint),
    ("controls/<uuid:control>/compensations", CompensationEndpoint),
    ("control-reviews", ControlReviewEndpoint),
    ("control-reviews/<uuid:control_review>/answers", ReviewAnswerEndpoint),
    ("review-plans", ReviewPlanEndpoint),
    ("review-delegations", DelegationEndpoint),
    ("review-evidence", BackingEndpoint),
    ("applicability-statements", StatementEndpoint),
    ("applicability-rows", RowEndpoint),
    ("applicability-versions", StatementVersionEndpoint),
    ("evidence-requirements", EvidenceRequirementEndpoint),
    ("evidence", ArtefactEndpoint),
    ("evidence/<uuid:artefact>/versions", ArtefactVersionEndpoint),
    ("versions", VersionEndpoint),
    ("packs", PackEndpoint),
    ("log/leaves", LeafEndpoint),
    ("log/checkpoints", CheckpointEndpoint),
    ("population-templates", PopulationTemplateEndpoint),
    ("populations", PopulationEndpoint),
    ("population-drafts", DraftEndpoint),
    ("population-versions", PopulationVersionEndpoint),
    ("population-differences", MismatchEndpoint),
    ("source-links", SourceLinkEndpoint),
    ("uploads", UploadEndpoint),
    ("documents", DocumentEndpoint),
    ("lint-findings", LintFindingEndpoint),
    ("access-reviews", AccessReviewEndpoint),
    ("access-lists", AccessListEndpoint),
    ("access-accounts", AccessAccountEndpoint),
    ("access-removals", AccessRemovalEndpoint),
    ("evidence-asks", EvidenceAskEndpoint),
    ("vendors", VendorEndpoint),
    ("fact-kinds", FactKindEndpoint),
    ("facts", FactEndpoint),
    ("connections", ConnectionEndpoint),
    ("connections/<uuid:connection>/runs", ConnectionRunEndpoint),
    ("connections/<uuid:connection>/cursors", CursorEndpoint),
    ("runs", RunEndpoint),
    ("runs/<uuid:run>/steps", StepEndpoint),
    ("checks", CheckEndpoint),
    ("check-results", CheckResultEndpoint),
    ("check-intervals", IntervalEndpoint),
    ("coverage", CoverageEndpoint),
    ("check-exceptions", CheckExceptionEndpoint),
    ("own-checks", OwnCheckEndpoint),
    ("check-thresholds", ThresholdSettingEndpoint),
    ("look-backs", LookBackEndpoint),
    ("gaps", GapEndpoint),
    ("gaps/<uuid:gap>/occurrences", OccurrenceEndpoint),
    ("audits", AuditEndpoint),
    ("audits/<uuid:audit>/seats", SeatEndpoint),
    ("audits/<uuid:audit>/packs", SharedPackEndpoint),
    ("audits/<uuid:audit>/requests", RequestLogEndpoint),
    ("requests", RequestEndpoint),
    ("requests/<uuid:item>/evidence", RequestEvidenceEndpoint),
    ("requests/<uuid:item>/internal-comments", InternalCommentEndpoint),
    ("requests/<uuid:item>/comments", ExternalCommentEndpoint),
):
    router.register(prefix, endpoint, basename=re.sub(r"/<uuid:\w+>/", "-", prefix))

_READ = {"get": "retrieve"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("organization/", OrganizationEndpoint.as_view(_READ)),
    path("tokens/current/", CurrentTokenEndpoint.as_view({**_READ, "delete": "destroy"})),
    path("workers/import/", RosterEndpoint.as_view({"post": "take_in"})),
    path("own-frameworks/import/", ImportEndpoint.as_view({"post": "take_in"})),
    path("frameworks/<uuid:framework>/coverage/<uuid:by>/", FrameworkCoverageEndpoint.as_view(_READ)),
    path("programmes/<uuid:programme>/carried/", CarriedEndpoint.as_view(_READ)),
    path("programmes/<uuid:programme>/carried/confirm/", CarriedEndpoint.as_view({"post": "confirm"})),
    path("programmes/<uuid:programme>/carried/dismiss/", CarriedEndpoint.as_view({"post": "dismiss"})),
    path("programmes/<uuid:programme>/readiness/", ReadinessEndpoint.as_view(_READ)),
    path("programmes/<uuid:programme>/timing/", TimingEndpoint.as_view(_READ)),
    path("programmes/<uuid:programme>/exits/", ExitsEndpoint.as_view(_READ)),
    path("programmes/<uuid:programme>/selection/", SelectionEndpoint.as_view({**_READ, "put": "update"})),
    path("programmes/<uuid:programme>/tolerance/", ToleranceEndpoint.as_view({**_READ, "put": "update"})),
    path("connections/<uuid:connection>/failures/", SourceFailuresEndpoint.as_view(_READ)),
    path("connections/<uuid:connection>/failures/ask/", SourceFailuresEndpoint.as_view({"post": "ask"})),
    path("connections/<uuid:connection>/failures/approve/", SourceFailuresEndpoint.as_view({"post": "approve"})),
    path("connections/<uuid:connection>/failures/refuse/", SourceFailuresEndpoint.as_view({"post": "refuse"})),
    path("boundary/", BoundaryEndpoint.as_view(_READ)),
    path("log/consistency/", ConsistencyEndpoint.as_view(_READ)),
    path("log/key/", KeyEndpoint.as_view(_READ)),
    path("dashboard/", DashboardEndpoint.as_view(_READ)),
    *router.urls,
    re_path("", Unknown.as_view()),
]
