"""Statements of applicability: which controls of a standard's annex apply, why, and the versions that were approved."""

from __future__ import annotations

import hashlib
import json

from django.db import models
from django.db.models import Q

from compliance.frameworks.models import Requirement
from compliance.parties.models import Party
from compliance.people.models import Membership
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne


class Decision(models.TextChoices):
    """Undecided is neither: it is never read as included, nor as excluded."""

    UNDECIDED = "undecided", "Undecided"
    INCLUDED = "included", "Included"
    EXCLUDED = "excluded", "Excluded"


class Driver(models.TextChoices):
    """What makes a control necessary."""

    RISK = "risk", "Risk"
    LAW = "law", "Law or regulation"
    CONTRACT = "contract", "Contract"
    INTERESTED_PARTY = "interested_party", "Interested party"


class Doer(models.TextChoices):
    """Who carries a control out."""

    OWN = "own", "Own"
    SHARED = "shared", "Shared"
    INHERITED = "inherited", "Inherited"


class Statement(TenantModel):
    """The statement of applicability of a programme. `authors` are ids of members who ever wrote in it.

    `climate_issue` answers clause 4.1 (is climate change a relevant issue), `climate_parties` clause 4.2 (do interested
    parties have requirements related to it), both since Amendment 1:2024; None until somebody has determined it.
    """

    programme = TenantOneToOne(Programme, on_delete=models.CASCADE, related_name="+")
    authors = models.JSONField(default=list, blank=True)
    climate_issue = models.BooleanField(null=True, blank=True)
    climate_parties = models.BooleanField(null=True, blank=True)
    climate_reason = models.TextField(blank=True)
    climate_by = models.CharField(max_length=254, blank=True)
    climate_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return f"Statement of applicability, {self.programme.name}"


class Row(TenantModel):
    """One control of the annex: whether it applies, and all that the statement says of it.

    `drivers` maps a Driver to the note that says which risk, law, contract or party. `wording` is what the control said
    (a digest of title and text) when the row was decided. `revision` counts the saves: a writer says which one they
    began from. What is in place and what shows it is read from controls, and never kept here.
    """

    statement = TenantKey(Statement, on_delete=models.CASCADE, related_name="rows")
    requirement = TenantKey(Requirement, on_delete=models.PROTECT, related_name="+")
    framework_owner_id = models.UUIDField(default=NIL)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.UNDECIDED)
    drivers = models.JSONField(default=dict, blank=True)
    treatment = models.TextField(blank=True)
    owner = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    implementation = models.CharField(max_length=10, choices=Doer.choices, blank=True)
    party = TenantKey(Party, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    scope_reason = models.TextField(blank=True)
    risk_considered = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    wording = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_by = models.CharField(max_length=254, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["statement_id", "requirement__position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "statement", "requirement"], name="one_row_per_annex_control"),
            models.CheckConstraint(
                condition=~Q(decision="excluded")
                | (~Q(scope_reason="") & ~Q(risk_considered="") & Q(review_on__isnull=False) & Q(decided_at__isnull=False)),
                name="exclusion_says_why_and_until_when",
            ),
        ]
        indexes = [models.Index(fields=["organization", "decision"])]

    def __str__(self) -> str:
        return self.requirement.ref

    def substance(self) -> str:
        """A digest of what a residual risk is signed for: the decision and what is done, not who owns it or until when."""
        said = [
            self.decision, sorted(self.drivers.items()), self.treatment, self.implementation, str(self.party_id or ""),
            self.scope_reason, self.risk_considered,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class SignOff(TenantModel):
    """Somebody accepted the risk that remains with a row as it stood (`substance`). Only grows; the latest counts, for as
    long as the row says the same."""

    row = TenantKey(Row, on_delete=models.CASCADE, related_name="sign_offs")
    substance = models.CharField(max_length=64)
    reason = models.TextField()
    signed_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_by_label = models.CharField(max_length=254)
    signed_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]


class Version(TenantModel):
    """A statement as it stood when it was submitted for approval. Only grows.

    `rows` holds each row as `reading.Shown.kept` says, `climate` the answer to clauses 4.1 and 4.2, `lacks` what kept it
    from being whole, in sentences. `authors` are ids of members: who wrote any of it, and who submitted it.
    """

    statement = TenantKey(Statement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True)
    framework = models.CharField(max_length=400)
    rows = models.JSONField(default=list)
    climate = models.JSONField(default=dict)
    lacks = models.JSONField(default=list)
    authors = models.JSONField(default=list)
    submitted_by = models.CharField(max_length=254)
    submitted_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "statement", "number"], name="one_applicability_version")
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Approval(TenantModel):
    """A version approved by somebody who wrote none of it. Only grows."""

    version = TenantOneToOne(Version, on_delete=models.CASCADE, related_name="approval")
    approved_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_by_label = models.CharField(max_length=254)
    approved_at = models.DateTimeField(default=now, editable=False)
