"""Connections and their runs. A run's row is the truth; the message broker only wakes workers."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne
from evidence.checks.base import Reason
from evidence.models import Version


class Health(models.TextChoices):
    UNTESTED = "untested", "Not tested yet"
    OK = "ok", "Healthy"
    DEGRADED = "degraded", "Partly readable"
    FAILING = "failing", "Failing"
    PAUSED = "paused", "Paused"
    RETIRED = "retired", "Retired"


class Connection(TenantModel):
    """One vendor account that evidence is pulled from. `secret` is encrypted (evidence/collectors/secrets.py).

    `config` holds the form's plain fields and, for AWS, the ExternalId that we generated. `every_minutes` is the cadence.
    A paused one is not `active`: what it found counts until it is too old to. A retired one counts no more, by a decision.
    """

    slug = models.SlugField(max_length=60)
    vendor = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    config = models.JSONField(blank=True, default=dict)
    secret = models.BinaryField(null=True, editable=False)
    every_minutes = models.PositiveIntegerField(default=1440)
    active = models.BooleanField(default=True)
    health = models.CharField(max_length=10, choices=Health.choices, default=Health.UNTESTED)
    health_note = models.CharField(max_length=300, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)
    test_results = models.JSONField(blank=True, default=list)
    last_good_at = models.DateTimeField(null=True, blank=True)
    next_run_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField(max_length=300, blank=True, default="")
    created_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="one_connection_slug"),
            models.CheckConstraint(condition=Q(retired_at__isnull=True) | Q(active=False), name="retired_connection_is_silent"),
        ]
        indexes = [models.Index(fields=["organization", "next_run_at"])]

    def __str__(self) -> str:
        return self.name


#: Rows of connections that count. The one place that says which do: pausing takes back nothing of what was found, or whoever may
#: pause a connection could hide its failures; what is too old is turned to unknown (evidence/judging/services/lapse.py).
SPEAKS = Q(connection__retired_at__isnull=True)


class RunState(models.TextChoices):
    DUE = "due", "Waiting for a worker"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"


class RunOutcome(models.TextChoices):
    OK = "ok", "Everything was read"
    PARTIAL = "partial", "Partly read"
    FAILED = "failed", "Nothing could be read"


#: What a run came of. Of the last two nobody collected anything: facts were pushed by a program, or dropped as a file.
TRIGGERS = [("schedule", "Schedule"), ("manual", "By hand"), ("api", "API"), ("push", "Pushed"), ("drop", "Dropped as a file")]
PUSHED = frozenset({"push", "drop"})


class Run(TenantModel):
    """One collection of a connection. Claimed with a lease and a heartbeat; taken up again when the lease lapses.

    At the vendor's limit it pauses: due again at `due_at`, with what it has read in hand. `attempt` counts workers that
    took it up and did not pause it. `let_go`: steps that saw what had been seen before, whose rows went in time.
    """

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    trigger = models.CharField(max_length=10, choices=TRIGGERS)
    requested_by = models.CharField(max_length=254)
    kinds = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.DUE)
    outcome = models.CharField(max_length=10, choices=RunOutcome.choices, blank=True)
    due_at = models.DateTimeField(default=now)
    attempt = models.PositiveSmallIntegerField(default=0)
    pauses = models.PositiveSmallIntegerField(default=0)
    pause_note = models.CharField(max_length=300, blank=True)
    let_go = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    identity = models.CharField(max_length=300, blank=True)
    message = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "connection", "number"], name="one_run_number"),
            models.UniqueConstraint(
                fields=["organization", "connection"], condition=~Q(state="finished"), name="one_unfinished_run_per_connection"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"]),
            models.Index(fields=["organization", "state", "due_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.connection.name} run {self.number}"

    @property
    def is_pushed(self) -> bool:
        """Whether nobody collected anything: the facts came to us."""
        return self.trigger in PUSHED


#: Why a kind could not be read. Only an expression is too expensive, never a collection.
_REASONS = [(reason.value, reason.value) for reason in Reason if reason not in {Reason.TOO_EXPENSIVE, Reason.UNWATCHED}]


class StepState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"


class RunStep(TenantModel):
    """One fact kind in a run: what was called, how many rows, what went wrong, what to do about it.

    `same_as`: what it saw was seen before, and there it is kept. `reason` empty means that it was read. `log`: the calls,
    [{"call", "parameters", "status", "milliseconds", "rows", "error"}].
    """

    run = TenantKey(Run, on_delete=models.CASCADE, related_name="steps")
    fact_kind = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=StepState.choices, default=StepState.WAITING)
    reason = models.CharField(max_length=16, blank=True, choices=_REASONS)
    message = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    permission = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    log = models.JSONField(blank=True, default=list)
    same_as = TenantKey("collectors.Snapshot", on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["organization", "run", "fact_kind"], name="one_step_per_kind")]

    def __str__(self) -> str:
        return self.fact_kind


class Snapshot(TenantModel):
    """What one step saw, kept: the raw pages are a stored version, addressed by their SHA-256.

    `again` are the later looks that saw the very same bytes, in order: they add a moment and no row. The table only
    extends, which a trigger holds; the log has each such moment from the run that it belongs to (services/sightings.py).
    """

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="snapshots")
    step = TenantOneToOne(RunStep, on_delete=models.CASCADE, related_name="snapshot")
    version = TenantKey(Version, on_delete=models.CASCADE, related_name="+")
    fact_kind = models.CharField(max_length=80)
    collected_at = models.DateTimeField()
    again = ArrayField(models.DateTimeField(), default=list)
    rows = models.PositiveIntegerField()

    class Meta:
        ordering = ["-collected_at"]
        indexes = [models.Index(fields=["organization", "connection", "fact_kind", "-collected_at"])]

    @property
    def looks(self) -> list[datetime]:
        """Every moment at which these bytes were seen, in order."""
        return [self.collected_at, *self.again]


class KindState(TenantModel):
    """Where one fact kind of one connection stands: the last good look, and since when it cannot be read."""

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="kind_states")
    fact_kind = models.CharField(max_length=80)
    last_good = TenantKey(Snapshot, on_delete=models.SET_NULL, null=True, related_name="+")
    last_good_at = models.DateTimeField(null=True)
    last_looked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, blank=True)
    message = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    unreadable_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "connection", "fact_kind"], name="one_state_per_kind")]


class Cursor(TenantModel):
    """How far one source of a fact kind has been read: a repository, or with an empty `source` the whole of it.

    `state` is the collector's own and belongs to what is kept. `ahead` is what the run under way has reached with the pages
    in hand: it becomes `state` when they are kept. `collected_from`, `complete_to` and `rows` repeat what `state` says of
    itself (collectors/cursors.py).
    """

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="cursors")
    fact_kind = models.CharField(max_length=80)
    source = models.CharField(max_length=300, blank=True)
    state = models.JSONField(null=True)
    ahead = models.JSONField(null=True)
    collected_from = models.DateTimeField(null=True)
    complete_to = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["fact_kind", "source"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "connection", "fact_kind", "source"], name="one_cursor_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.fact_kind} {self.source}".strip()


class PageInHand(TenantModel):
    """A page that a step under way has read, kept within seconds: a worker that dies loses no more than those. They go when
    the step ends, into the one version that it keeps. `body` is pressed as `spool.pressed` presses it."""

    step = TenantKey(RunStep, on_delete=models.CASCADE, related_name="in_hand")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["organization", "step", "number"], name="one_page_in_hand_per_number")]


class Validator(TenantModel):
    """What an address answered last, so that it can be asked whether that still holds: an answer of 304 costs no rate limit.

    A store beside the evidence, bounded (collectors/validators.py) and safe to lose. `address` is a digest of path and
    parameters, `body` the pressed answer, `following` the link to its next page.
    """

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="validators")
    address = models.CharField(max_length=64)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    following = models.CharField(max_length=1000, blank=True)
    body = models.BinaryField()
    size = models.PositiveIntegerField()
    used_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "connection", "address"], name="one_validator_per_address")]
        indexes = [models.Index(fields=["organization", "connection", "-used_at"])]


class PushRefusal(TenantModel):
    """A push that was refused: when, by whom it was sent, and what was wrong with it; never what was sent.

    `said`: [row from 0 or None, field of the kind or of the push or "", sentence], the first of them; `faults` counts all that
    were told. Nothing here is evidence: the newest of each source are kept so that somebody sees that a program fails
    (services/refuse.py), and nothing of it is in the trail.
    """

    connection = TenantKey(Connection, on_delete=models.CASCADE, related_name="refusals")
    refused_at = models.DateTimeField(default=now, editable=False)
    by = models.CharField(max_length=254)
    origin = models.CharField(max_length=200)
    fact_kind = models.CharField(max_length=80, blank=True)
    status = models.PositiveSmallIntegerField()
    faults = models.PositiveIntegerField(default=0)
    said = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "connection", "-id"])]

    def __str__(self) -> str:
        return f"refused with {self.status}"
