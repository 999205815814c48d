"""Evidence: what each control must show, the artefacts that show it, and whether they are fresh."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from controls.models import Control, Frequency


class Freshness(models.TextChoices):
    """Of evidence requirements; the six sum to all of them (definitions, Evidence)."""

    CURRENT = "current", "Current"
    DUE_SOON = "due_soon", "Due soon"
    STALE = "stale", "Stale"
    MISSING = "missing", "Missing"
    NOT_YET_DUE = "not_yet_due", "Not yet due"
    EVENT_DRIVEN = "event_driven", "Event-driven"


class Source(models.TextChoices):
    """Where a requirement's evidence is to come from."""

    COLLECTOR = "collector", "Collector"
    PERSON = "person", "Person"


class Origin(models.TextChoices):
    """How an artefact came: read by a collector of ours, brought by a person, or pushed by a company's own program."""

    COLLECTOR = "collector", "Collector"
    PERSON = "person", "Person"
    PUSHED = "pushed", "Pushed"


class EvidenceKind(models.TextChoices):
    """What kind of thing shows it (controls/starter/evidence_rules.py has the same words)."""

    POPULATION = "population", "Population"
    SAMPLE = "sample", "Sample"
    DOCUMENT = "document", "Document"
    CONFIGURATION = "configuration", "Configuration"
    OBSERVATION = "observation", "Observation"
    INQUIRY = "inquiry", "Inquiry"


class EvidenceRequirement(TenantModel):
    """One thing that a control must show: what, how often, from where. `checks` are the ids that judge it.

    `items` are lines of the usual request list that it answers. `steps` say in sentences how it is collected, `template`
    names what is filled in (controls/starter/templates.py), `population_template` the kind of population that it is or is
    drawn from, `naming` how its files are called; empty: as usual. `thresholds` are the numbers of the control's own
    statement, check id to name to value, by which its checks judge.
    `freshness`, `effective_end`, `stale_at` and `judged_at` repeat what evidence/cadence.py says of the day up to which it is
    shown, by all lists that it needs (docs/decisions/0057); services keep them true, the sweep repairs them.
    """

    ref = models.CharField(max_length=12)
    control = TenantKey(Control, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    artefact = models.TextField(blank=True)
    format = models.CharField(max_length=60, blank=True)
    cadence = models.CharField(max_length=12, choices=Frequency.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    checks = models.JSONField(default=list, blank=True)
    fact_kinds = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=14, choices=EvidenceKind.choices, default=EvidenceKind.DOCUMENT)
    items = models.JSONField(default=list, blank=True)
    naming = models.CharField(max_length=120, blank=True)
    steps = models.JSONField(default=list, blank=True)
    template = models.CharField(max_length=60, blank=True)
    population_template = models.CharField(max_length=40, blank=True)
    thresholds = models.JSONField(default=dict, blank=True)
    span = models.CharField(max_length=10, choices=[("point", "A point in time"), ("period", "A period")], default="point")
    owner = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    first_due = models.DateField(null=True, blank=True)
    freshness = models.CharField(max_length=14, choices=Freshness.choices, default=Freshness.NOT_YET_DUE)
    effective_end = models.DateTimeField(null=True, blank=True)
    stale_at = models.DateTimeField(null=True, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["ref"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_evidence_requirement_ref"),
            models.UniqueConstraint(fields=["organization", "control", "key"], name="one_requirement_key_per_control"),
        ]
        indexes = [
            models.Index(fields=["organization", "freshness"]),
            models.Index(fields=["organization", "stale_at"]),
            models.Index(fields=["organization", "control"]),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class StatedCadence(TenantModel):
    """From a day on a requirement was to be shown another often than before, by whose word and why. Only grows; the database
    holds that. Without a row the requirement's own cadence holds for ever.

    `number` counts those of one requirement: of two that speak of one day the later said holds. `since` is a local day, never
    later than that on which it was said; earlier only as a correction, with its reason.
    """

    requirement = TenantKey(EvidenceRequirement, on_delete=models.CASCADE, related_name="cadences")
    number = models.PositiveIntegerField()
    before = models.CharField(max_length=12, choices=Frequency.choices, blank=True)
    after = models.CharField(max_length=12, choices=Frequency.choices, blank=True)
    since = models.DateField()
    reason = models.TextField(blank=True)
    said_by = models.CharField(max_length=254)
    said_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "requirement", "number"], name="one_stated_cadence_number")
        ]

    def __str__(self) -> str:
        return f"{self.get_after_display()} since {self.since.isoformat()}"


class Acceptance(models.TextChoices):
    RECEIVED = "received", "Received"
    APPROVED = "approved", "Approved"
    RETURNED = "returned", "Returned"


#: How the keys of populations begin, which Fieldwork draws from lists and files.
OF_POPULATION = "population:"


def is_list(collected_key: str) -> bool:
    """Whether an artefact with this key is a list that a connection brings; else a person or Fieldwork itself made it."""
    return collected_key != "" and not collected_key.startswith(OF_POPULATION)


class Artefact(TenantModel):
    """A thing that shows something, through all its versions. A collected or pushed one is one fact kind of one
    connection: `collected_key` is `<connection id>:<fact kind>`, or `population:<population id>`."""

    ref = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=10, choices=Origin.choices)
    collected_key = models.CharField(max_length=160, blank=True)
    vendor = models.CharField(max_length=40, blank=True)
    acceptance = models.CharField(max_length=10, choices=Acceptance.choices, default=Acceptance.RECEIVED)
    latest_number = models.PositiveIntegerField(default=0)
    latest_effective_end = models.DateTimeField(null=True, blank=True)
    latest_received_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_artefact_ref"),
            models.UniqueConstraint(
                fields=["organization", "collected_key"], condition=~Q(collected_key=""), name="one_artefact_per_collected_key"
            ),
        ]
        indexes = [models.Index(fields=["organization", "-id"])]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Version(TenantModel):
    """One version, immutable from receipt: the table only grows. `received_at` is the system's, the span is stated.

    `sha256` is of the stored bytes and is their address. `provenance`: for a collected one {"call", "parameters",
    "collector", "collector_version", "identity", "rows", "calls", "run", "connection", "window"}; for a pushed one
    {"pushed", "by", "from", "stated_at", "received_at", "complete", "format", "fact_kind", "rows", "run", "connection"};
    for an uploaded one {"filename", "provided_by", "note"}.
    """

    artefact = TenantKey(Artefact, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    filename = models.CharField(max_length=255)
    received_at = models.DateTimeField(editable=False)
    effective_start = models.DateTimeField()
    effective_end = models.DateTimeField()
    provenance = models.JSONField(blank=True, default=dict)
    provided_by = TenantKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    provided_by_label = models.CharField(max_length=254)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["organization", "artefact", "number"], name="one_version_number")]
        indexes = [models.Index(fields=["organization", "-id"]), models.Index(fields=["organization", "sha256"])]

    def __str__(self) -> str:
        return f"{self.artefact.ref} v{self.number}"


class VersionDecision(TenantModel):
    """Approved or returned, by whom and why. Only grows; never by the one who provided the version, which a trigger holds.

    `decided_by_member` is null where a program decides for nobody, and of decisions older than the log.
    """

    version = TenantKey(Version, on_delete=models.CASCADE, related_name="decisions")
    acceptance = models.CharField(max_length=10, choices=Acceptance.choices)
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=254)
    decided_by_member = TenantKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]


class Supersession(TenantModel):
    """A newer version of an artefact takes the place of an older one, for a reason. Only grows; the older one stays in
    sight. A trigger holds that both are of one artefact and that whoever brought the newer one did not say so."""

    version = TenantKey(Version, on_delete=models.CASCADE, related_name="superseded")
    by = TenantKey(Version, on_delete=models.CASCADE, related_name="supersedes")
    reason = models.TextField()
    decided_by = models.CharField(max_length=254)
    decided_by_member = TenantKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "version", "by"], name="one_supersession_per_pair")]


class EvidenceLink(TenantModel):
    """An artefact serves a requirement. One artefact may serve many, across controls and frameworks."""

    requirement = TenantKey(EvidenceRequirement, on_delete=models.CASCADE, related_name="links")
    artefact = TenantKey(Artefact, on_delete=models.CASCADE, related_name="links")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "requirement", "artefact"], name="one_link_per_pair")]
        indexes = [models.Index(fields=["organization", "artefact"])]


class SourceLink(TenantModel):
    """Where a thing can be seen: an address, what it shows there, and as of which day. Only grows; the newest one holds.

    By itself it is no evidence, because what stands at an address changes: its artefact counts from the first capture of it,
    which is a version like any other.
    """

    artefact = TenantKey(Artefact, on_delete=models.CASCADE, related_name="source_links")
    url = models.CharField(max_length=500)
    shows = models.TextField()
    as_of = models.DateField()
    stated_by = models.CharField(max_length=254)
    stated_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
