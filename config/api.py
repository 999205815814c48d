"""The table of contents of the API: every noun below `/api/v1/`, in the order of the floors."""

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from compliance.frameworks.api import CrosswalkEndpoint, FrameworkEndpoint, RequirementEndpoint
from compliance.people.api import CurrentTokenEndpoint, MembershipEndpoint, OrganizationEndpoint, TokenEndpoint
from compliance.programmes.api import ProgrammeEndpoint
from compliance.registers.api import DecisionEndpoint, RosterEndpoint, SystemEndpoint, WorkerEndpoint
from compliance.trail.api import EntryEndpoint
from compliance.web.api import Unknown
from compliance.web.api_docs import SchemaView, docs

router = SimpleRouter(use_regex_path=False)
router.register("memberships", MembershipEndpoint, "memberships")
router.register("tokens", TokenEndpoint, "tokens")
router.register("trail", EntryEndpoint, "trail")
router.register("frameworks", FrameworkEndpoint, "frameworks")
router.register("requirements", RequirementEndpoint, "requirements")
router.register("crosswalk", CrosswalkEndpoint, "crosswalk")
router.register("systems", SystemEndpoint, "systems")
router.register("systems/<uuid:system>/decisions", DecisionEndpoint, "decisions")
router.register("workers", WorkerEndpoint, "workers")
router.register("programmes", ProgrammeEndpoint, "programmes")

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("organization/", OrganizationEndpoint.as_view({"get": "retrieve"})),
    path("tokens/current/", CurrentTokenEndpoint.as_view({"get": "retrieve", "delete": "destroy"})),
    path("workers/import/", RosterEndpoint.as_view({"post": "take_in"})),
    *router.urls,
    re_path("", Unknown.as_view()),
]
