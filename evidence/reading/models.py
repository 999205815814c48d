"""What was read inside evidence. The bytes stay what they are; this is what we say of them."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne

from ..models import Version


class Document(TenantModel):
    """A version as it was read: its words up to a limit, and the file's own facts (`readers.Reading`).

    Without words it cannot be searched, and `reason` says why. `text_sha256` tells versions with the same words.
    """

    version = TenantOneToOne(Version, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    searchable = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    read_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "text_sha256"])]


class Words(TenantModel):
    """The words of a document, in a table that can only be searched (docs/decisions/0022).

    `words` begins with the organisation's id as a word of its own. A policy shows a row only where it holds that word and
    those of `app.search`: so the index serves, which under row-level security no other condition may use.
    """

    document = TenantOneToOne(Document, on_delete=models.CASCADE, related_name="+")
    words = SearchVectorField()


class Level(models.TextChoices):
    FINDING = "finding", "Finding"
    SUSPICION = "suspicion", "Suspicion"
    QUESTION = "question", "Question"


class LintFinding(TenantModel):
    """What an auditor would bounce of a version, as it was told when it was brought. Only grows."""

    version = TenantKey(Version, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=20)
    level = models.CharField(max_length=10, choices=Level.choices)
    said = models.CharField(max_length=500)
    found_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "version", "rule"], name="one_lint_finding_per_rule")]


class LintAnswer(TenantModel):
    """Why it is right all the same, or what a person sees on it. Only grows; the newest one stands."""

    finding = TenantKey(LintFinding, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField()
    member = TenantKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    answered_by = models.CharField(max_length=254)
    answered_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
