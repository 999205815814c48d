"""Audits: who looks at all of it. The request log, the auditor's seat, and three kinds of comment in three tables."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from compliance.frameworks.models import Requirement
from compliance.people.models import Membership, User
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel
from controls.models import Control
from evidence.models import Version
from evidence.packs.models import Pack


class Audit(TenantModel):
    """One examination of one programme by one firm."""

    ref = models.CharField(max_length=12)
    programme = TenantKey(Programme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    firm = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    turnaround_days = models.PositiveSmallIntegerField(default=5)
    issued_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="one_audit_ref")]

    def __str__(self) -> str:
        return self.name


class Seat(TenantModel):
    """An auditor's place at one audit, for a span of days; never a membership (decisions, 10).

    `user` is null until the invitation is accepted. `until` is the last day on which it opens the portal.
    """

    audit = TenantKey(Audit, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    firm = models.CharField(max_length=200)
    starts_on = models.DateField()
    until = models.DateField()
    secret_hash = models.CharField(max_length=64, blank=True)
    invited_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    declared_independent_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "audit", "email"], name="one_seat_per_auditor"),
            models.CheckConstraint(condition=Q(until__gte=F("starts_on")), name="seat_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["user"]), models.Index(fields=["organization", "secret_hash"])]

    def __str__(self) -> str:
        return f"{self.name}, {self.firm}"


class RequestState(models.TextChoices):
    OPEN = "open", "Open"
    ASSIGNED = "assigned", "Assigned"
    IN_REVIEW = "in_review", "In internal review"
    SUBMITTED = "submitted", "Submitted"
    FULFILLED = "fulfilled", "Fulfilled"
    RETURNED = "returned", "Returned"


class RequestKind(models.TextChoices):
    POPULATION = "population", "Population"
    SAMPLE = "sample", "Sample"
    DOCUMENT = "document", "Document"
    CONFIGURATION = "configuration", "Configuration"
    OBSERVATION = "observation", "Observation"
    INQUIRY = "inquiry", "Inquiry"


class Request(TenantModel):
    """One line of the auditor's request log (PBC list).

    `criteria` is what the auditor wrote (`CC6.2/CC6.3`, `DC1-DC9`, `Engagement`); `criteria_refs` is the same as a list
    of single references, kept by services for filters. `raised_by_seat` is set where it was raised in the portal.
    `submitted_at` is the last submission and stays through a return.
    """

    audit = TenantKey(Audit, on_delete=models.CASCADE, related_name="requests")
    ref = models.CharField(max_length=12)
    auditor_ref = models.CharField(max_length=60, blank=True)
    criteria = models.CharField(max_length=120, blank=True)
    criteria_refs = models.JSONField(default=list, blank=True)
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    kind = models.CharField(max_length=14, choices=RequestKind.choices, default=RequestKind.DOCUMENT)
    requirement = TenantKey(Requirement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    framework_owner_id = models.UUIDField(default=NIL)
    control = TenantKey(Control, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_date = models.DateField()
    assignee = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    raised_by = models.CharField(max_length=254)
    raised_by_auditor = models.BooleanField(default=False)
    raised_by_seat = TenantKey(Seat, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["due_date", "ref"]
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="one_request_ref")]
        indexes = [
            models.Index(fields=["organization", "audit", "state"]),
            models.Index(fields=["organization", "assignee"]),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class RequestEvidence(TenantModel):
    """A version offered for a request: that version, whatever comes later.

    `submitted_at` is when the auditor was first given it. From then on it stays: nothing that an auditor could have
    read is taken away again.
    """

    request = TenantKey(Request, on_delete=models.CASCADE, related_name="evidence")
    version = TenantKey(Version, on_delete=models.CASCADE, related_name="+")
    linked_by = models.CharField(max_length=254)
    linked_at = models.DateTimeField(default=now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "request", "version"], name="one_version_per_request")
        ]


class SharedPack(TenantModel):
    """An evidence pack that the auditors of one audit may download. Only grows: nothing that an auditor could have read is
    taken away again."""

    audit = TenantKey(Audit, on_delete=models.CASCADE, related_name="shared_packs")
    pack = TenantKey(Pack, on_delete=models.CASCADE, related_name="+")
    shared_by = models.CharField(max_length=254)
    shared_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "audit", "pack"], name="one_pack_per_audit")]

    def __str__(self) -> str:
        return self.pack.title


class _Comment(TenantModel):
    author = models.CharField(max_length=254)
    author_id = models.UUIDField(null=True)
    text = models.TextField()
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        abstract = True
        ordering = ["id"]


class InternalComment(_Comment):
    """Said among ourselves. No portal selector reads this table."""

    request = TenantKey(Request, on_delete=models.CASCADE, related_name="internal_comments")


class ExternalComment(_Comment):
    """Said between the organisation and its auditor."""

    request = TenantKey(Request, on_delete=models.CASCADE, related_name="external_comments")
    by_auditor = models.BooleanField()


class AuditorNote(_Comment):
    """The auditor's own note: only portal selectors read this table, for the seat that wrote it."""

    request = TenantKey(Request, on_delete=models.CASCADE, related_name="auditor_notes")
    seat = TenantKey(Seat, on_delete=models.CASCADE, related_name="+")


class PortalAct(models.TextChoices):
    OPENED = "opened", "Opened"
    DOWNLOADED = "downloaded", "Downloaded"
    NOTED = "noted", "Wrote a note on"


class PortalOpening(TenantModel):
    """What an auditor opened, item by item. Only grows.

    It is kept apart from the trail because the organisation may read it only once the report is issued: until then it
    would say what is being tested (definitions, Independence; docs/decisions/0002).
    """

    audit = TenantKey(Audit, on_delete=models.CASCADE, related_name="+")
    seat = TenantKey(Seat, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=10, choices=PortalAct.choices)
    item_type = models.CharField(max_length=20)
    item_id = models.UUIDField(null=True)
    item_label = models.CharField(max_length=300)
    at = models.DateTimeField(default=now, editable=False)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "audit", "-id"]),
            models.Index(fields=["organization", "seat", "act", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.item_label}"


class DigestSent(TenantModel):
    """The daily digest of one member went out for one day of the organisation's calendar."""

    membership = TenantKey(Membership, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    sent_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "membership", "day"], name="one_digest_a_day")]
