"""The log's rows. All of them only grow; what they mean is fixed in docs/domain/log-and-packs.md."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel


class Head(TenantModel):
    """How many leaves an organisation's log has. Its row lock is what allots indexes; it never falls (a trigger)."""

    size = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_head_per_log")]


class Leaf(TenantModel):
    """One leaf. `body` is its exact canonical JSON; `subject` and `artefact` say again, for look-ups, which row of
    evidence it speaks of. They are ids and no references: the log keeps what it was told when the row is gone."""

    index = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    artefact = models.UUIDField(null=True, blank=True)
    body = models.TextField()
    leaf_hash = models.BinaryField(max_length=32)
    appended_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-index"]
        constraints = [models.UniqueConstraint(fields=["organization", "index"], name="one_leaf_per_index")]
        indexes = [
            models.Index(fields=["organization", "subject"]),
            models.Index(fields=["organization", "artefact", "-index"], condition=Q(artefact__isnull=False), name="leaves_of_artefact"),
            models.Index(fields=["organization", "kind", "-index"]),
        ]

    def __str__(self) -> str:
        return f"Leaf {self.index}"


class Tile(TenantModel):
    """256 hashes side by side, complete: at level 0 of leaves, at level n of the roots of tiles at level n - 1.

    `hashes` are 256 times 32 bytes; `root` is theirs. A proof reads a tile for every eight levels of the tree.
    """

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)
    root = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "level", "index"], name="one_tile_per_place")]


class LogKey(TenantModel):
    """A key that signs checkpoints. The newest signs; every earlier one still verifies what it signed.

    `sealed` is the private key in base64, under the environment's key ring, bound to the organisation's log.
    """

    name = models.CharField(max_length=80)
    public = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]


class Checkpoint(TenantModel):
    """The root of the first `size` leaves, signed. `note` is the signed note, byte for byte."""

    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    key = TenantKey(LogKey, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-size"]
        constraints = [models.UniqueConstraint(fields=["organization", "size"], name="one_checkpoint_per_size")]

    def __str__(self) -> str:
        return f"Checkpoint {self.size}"


class Inspection(TenantModel):
    """What looking the log and its evidence over has found. `problems` are (evidence/log/problems.py) in full."""

    inspected_at = models.DateTimeField(default=now, editable=False)
    size = models.BigIntegerField()
    checkpoints = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    found = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
