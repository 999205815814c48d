"""Populations, their frozen versions, and how completeness was seen."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from controls.models import Control
from evidence.collectors.models import Connection
from evidence.models import Version

from .catalogue import Template, template
from .checklist import Result
from .reconciling import Kind
from .sources import UPLOAD
from .spans import Period


class State(models.TextChoices):
    """Of a population by its newest version, and of a version by itself."""

    NONE = "none", "Not frozen yet"
    OPEN = "open", "Completeness open"
    READY = "ready", "Waits for confirmation"
    FAILS = "fails", "Not complete"
    CONFIRMED = "confirmed", "Confirmed"


class Population(TenantModel):
    """A list that samples are drawn from, through all its versions.

    `source` is the key of a source, or `upload`. `settings` hold what policy allows where no control states it (`hours`,
    `target_days`; `limits.py`) and how the columns of a file were last read (`mapping`). `state`, `latest_number` and
    `confirmed_number` repeat what the versions say; services keep them true.
    """

    ref = models.CharField(max_length=12)
    template = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=60)
    connection = TenantKey(Connection, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    owner = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    months = models.PositiveSmallIntegerField(default=3)
    next_due = models.DateField(null=True, blank=True)
    settings = models.JSONField(blank=True, default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NONE)
    latest_number = models.PositiveIntegerField(default=0)
    confirmed_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["ref"]
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="one_population_ref")]
        indexes = [models.Index(fields=["organization", "next_due"])]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"

    @property
    def kind(self) -> Template | None:
        """Its template; None where the template is gone."""
        return template(self.template)

    @property
    def is_uploaded(self) -> bool:
        return self.source == UPLOAD


class PopulationControl(TenantModel):
    """A control whose test draws its sample from the population."""

    population = TenantKey(Population, on_delete=models.CASCADE, related_name="served")
    control = TenantKey(Control, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "population", "control"], name="one_population_control")
        ]
        indexes = [models.Index(fields=["organization", "control"])]


class PopulationStatement(TenantModel):
    """Who answered for a population from a moment until the next statement's. Only grows; the database holds that.

    `stated`: {"owner": {"id", "name"} or None, "controls": [{"id", "ref"}]}, as `controls.ControlVersion` holds a control's.
    """

    population = TenantKey(Population, on_delete=models.CASCADE, related_name="statements")
    valid_from = models.DateTimeField(default=now, editable=False)
    stated = models.JSONField()

    class Meta:
        ordering = ["id"]


class PopulationVersion(TenantModel):
    """A frozen list. It never changes: what is said of it later stands in rows of its own.

    `rows` is the stored file (JSON Lines, sorted; evidence/populations/items.py), `raw` the file that a person brought.
    `places` are byte offsets of every hundredth line. `counted` is what is compared with `total`, which the source itself
    gives by `basis`. `complete_from`/`complete_to` say for which time the list is complete, `holes` where it is not;
    `covers` is None where no machine watched. `facts` are the steps that facts settle. `excluded` is what was left out and
    why. `added`, `removed`, `changed` count against the version before, None for the first. `deviations` is what the rules
    of its template found in the rows (`deviating.Deviation.kept`), nothing where it was frozen before there were any.
    """

    population = TenantKey(Population, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rows = TenantKey(Version, on_delete=models.PROTECT, related_name="+")
    raw = TenantKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first = models.DateField()
    last = models.DateField()
    zone = models.CharField(max_length=64)
    system = models.CharField(max_length=300)
    query = models.TextField()
    parameters = models.JSONField(blank=True, default=dict)
    extractor = models.CharField(max_length=500)
    drawn_at = models.DateTimeField()
    frozen_at = models.DateTimeField(default=now, editable=False)
    frozen_by = models.CharField(max_length=254)
    collected = models.BooleanField()
    row_count = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    total = models.PositiveIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    covers = models.BooleanField(null=True)
    complete_from = models.DateTimeField(null=True, blank=True)
    complete_to = models.DateTimeField(null=True, blank=True)
    holes = models.JSONField(blank=True, default=list)
    excluded = models.JSONField(blank=True, default=list)
    unread = models.PositiveIntegerField(default=0)
    reconciled = models.BooleanField(default=False)
    mismatches = models.PositiveIntegerField(default=0)
    facts = models.JSONField(blank=True, default=dict)
    places = models.JSONField(blank=True, default=list)
    added = models.PositiveIntegerField(null=True, blank=True)
    removed = models.PositiveIntegerField(null=True, blank=True)
    deviations = models.JSONField(blank=True, default=list)
    changed = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "population", "number"], name="one_population_version_number"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="population_period_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.population.ref} version {self.number}"

    @property
    def period(self) -> Period:
        return Period(self.first, self.last, ZoneInfo(self.zone))


class StepAnswer(TenantModel):
    """What a person said of a step. The newest counts; the earlier stay. `total` is what they read in the source."""

    version = TenantKey(PopulationVersion, on_delete=models.CASCADE, related_name="answers")
    step = models.CharField(max_length=10)
    result = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Result])
    note = models.TextField()
    total = models.PositiveIntegerField(null=True, blank=True)
    evidence = TenantKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_by = models.CharField(max_length=254)
    given_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]


class Mismatch(TenantModel):
    """A difference between the people list and the accounts of a system. `explained` where facts already say why."""

    version = TenantKey(PopulationVersion, on_delete=models.CASCADE, related_name="found")
    kind = models.CharField(max_length=8, choices=[(each.value, each.label) for each in Kind])
    system = models.CharField(max_length=120)
    subject = models.CharField(max_length=254)
    detail = models.TextField()
    explained = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.subject} in {self.system}"


class Ruling(models.TextChoices):
    """What a difference is. An error is a deviation of the control, and becomes a gap."""

    TIMING = "timing", "Timing: both lists are right for their day"
    SERVICE = "service", "Not a person: a service or shared account"
    LIST = "list", "The people list is wrong, and is corrected"
    ERROR = "error", "An error: access is there that should not be, or lacks"


class MismatchDecision(TenantModel):
    """What somebody decided of a difference, and why. The newest counts."""

    mismatch = TenantKey(Mismatch, on_delete=models.CASCADE, related_name="decisions")
    ruling = models.CharField(max_length=8, choices=Ruling.choices)
    reason = models.TextField()
    decided_by = models.CharField(max_length=254)
    decided_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]


class Conclusion(TenantModel):
    """A version was confirmed as complete and accurate, or the confirmation was withdrawn. The newest counts."""

    version = TenantKey(PopulationVersion, on_delete=models.CASCADE, related_name="conclusions")
    confirmed = models.BooleanField()
    note = models.TextField()
    concluded_by = models.CharField(max_length=254)
    concluded_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]


class DraftState(models.TextChoices):
    DUE = "due", "Waits for a worker"
    LOOKED = "looked", "Looked through"
    FROZEN = "frozen", "Frozen"
    FAILED = "failed", "Could not be drawn"
    DISCARDED = "discarded", "Discarded"


class Draft(TenantModel):
    """A version on its way: a freeze that was asked for, or a file that is looked through before it is frozen.

    `raw` is the file as it was received, None where a source is drawn from. `mapping` is a file's head to an attribute.
    `report`: {"heads", "rows", "faults", "faulty", "preview", "problem", "repeated"} of a file. `freezes`: once it is read
    without a fault it is frozen by itself.
    """

    population = TenantKey(Population, on_delete=models.CASCADE, related_name="drafts")
    raw = TenantKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first = models.DateField()
    last = models.DateField()
    zone = models.CharField(max_length=64)
    system = models.CharField(max_length=300, blank=True)
    query = models.TextField(blank=True)
    left_out = models.TextField(blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(null=True, blank=True)
    mapping = models.JSONField(blank=True, default=dict)
    report = models.JSONField(blank=True, default=dict)
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.DUE)
    freezes = models.BooleanField(default=False)
    message = models.TextField(blank=True)
    frozen = TenantKey(PopulationVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by = models.CharField(max_length=254)
    asker = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=now, editable=False)
    touched_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "state", "touched_at"])]

    @property
    def period(self) -> Period:
        return Period(self.first, self.last, ZoneInfo(self.zone))
