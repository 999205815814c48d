"""Packs are jobs that write files: asked for, made by a worker, kept with their digest."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantModel


class PackKind(models.TextChoices):
    """What a pack is of."""

    CONTROL = "control", "Control"
    CRITERION = "criterion", "Criterion"
    PROGRAMME = "programme", "Programme"


class PackState(models.TextChoices):
    DUE = "due", "Waits its turn"
    RUNNING = "running", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Not made"


class Pack(TenantModel):
    """One pack. Its row is the queue: claimed with a lease, taken up again when that lapses.

    `subject` is the id of a control, requirement or programme, and no reference: a pack outlives what it is of. `items` of
    `total` leaves are done. `size` and `sha256` are the zip's, `log_size` is that of the checkpoint that it holds.
    """

    kind = models.CharField(max_length=10, choices=PackKind.choices)
    subject = models.UUIDField()
    ref = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=PackState.choices, default=PackState.DUE)
    requested_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=now, editable=False)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    items = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    log_size = models.BigIntegerField(default=0)
    filename = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"]),
            models.Index(
                fields=["organization", "state"], condition=models.Q(state__in=["due", "running"]), name="packs_to_make"
            ),
        ]

    def __str__(self) -> str:
        return self.title
