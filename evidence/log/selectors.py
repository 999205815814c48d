"""Reading the log: leaves, their proofs, and what was signed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from compliance.tenancy.rooms import here

from . import merkle
from .models import Checkpoint, Head, Inspection, Leaf, LogKey
from .nodes import StoredNodes
from .notes import Verifier


def origin() -> str:
    """The name of the room's log and of the keys that sign it."""
    return f"fieldwork/{here().organization_id}"


def size() -> int:
    """How many leaves the log has."""
    return Head.objects.values_list("size", flat=True).first() or 0


def leaves() -> QuerySet[Leaf]:
    """All leaves, the newest first."""
    return Leaf.objects.order_by("-index")


def leaves_of(*, subjects: Collection[UUID] = (), artefacts: Collection[UUID] = ()) -> QuerySet[Leaf]:
    """What the log says of rows (versions, decisions, supersessions) or of artefacts, in order."""
    found = Leaf.objects.filter(artefact__in=list(artefacts)) if artefacts else Leaf.objects.filter(subject__in=list(subjects))
    return found.order_by("index")


def indexes_of(subjects: Collection[UUID]) -> dict[UUID, int]:
    """The index of the leaf of each row; what was never entered is left out."""
    return dict(leaves_of(subjects=subjects).order_by("-index").values_list("subject", "index"))


def leaf_hashes(upto: int) -> list[bytes]:
    """The hashes of the first `upto` leaves, in order, as their rows hold them."""
    found = Leaf.objects.filter(index__lt=upto).order_by("index").values_list("leaf_hash", flat=True)
    return [bytes(each) for each in found.iterator(chunk_size=10_000)]


def root_at(upto: int) -> bytes:
    """The root of the first `upto` leaves."""
    return merkle.root(StoredNodes([(0, upto)]), upto)


def inclusion(index: int, upto: int) -> list[bytes]:
    """The proof that leaf `index` is among the first `upto`, from leaf to root. Raises ValueError where there is none."""
    _held(upto)
    return merkle.inclusion_proof(StoredNodes(merkle.inclusion_ranges(index, upto)), index, upto)


def consistency(old: int, new: int) -> list[bytes]:
    """The proof that the first `old` leaves are a prefix of the first `new`. Raises ValueError unless old <= new <= size."""
    _held(new)
    return merkle.consistency_proof(StoredNodes(merkle.consistency_ranges(old, new)), old, new)


def _held(upto: int) -> None:
    if upto > (held := size()):
        raise ValueError(f"The log has {held} leaves, not {upto}.")


def checkpoints() -> QuerySet[Checkpoint]:
    """What was signed, the newest first."""
    return Checkpoint.objects.order_by("-size")


def latest_checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint."""
    return checkpoints().first()


def checkpoint_over(index: int) -> Checkpoint | None:
    """The newest checkpoint, if it holds a leaf."""
    newest = latest_checkpoint()
    return newest if newest is not None and newest.size > index else None


def log_keys() -> QuerySet[LogKey]:
    """The log's keys, the one that signs now first."""
    return LogKey.objects.order_by("-id")


def verifiers() -> list[Verifier]:
    """The public keys, the one that signs now first."""
    return [Verifier(name, bytes(public)) for name, public in log_keys().values_list("name", "public")]


def inspections() -> QuerySet[Inspection]:
    """What inspections found, the newest first."""
    return Inspection.objects.order_by("-id")


def latest_inspection() -> Inspection | None:
    """What the newest inspection found."""
    return inspections().first()


@dataclass(frozen=True)
class Proof:
    """A leaf with what leads from it to a signed root."""

    leaf: Leaf
    checkpoint: Checkpoint
    path: list[bytes]

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """Step by step from the leaf's hash: the side of the hash beside it, that hash, and what both give, in hex."""
        climbed = merkle.climb(bytes(self.leaf.leaf_hash), self.leaf.index, self.checkpoint.size, self.path)
        return [(side, beside.hex(), given.hex()) for side, beside, given in climbed]

    @property
    def holds(self) -> bool:
        """Whether the exact bytes of the leaf lead to the root that was signed."""
        leaf = merkle.leaf_hash(self.leaf.body.encode())
        return merkle.verify_inclusion(leaf, self.leaf.index, self.checkpoint.size, self.path, bytes(self.checkpoint.root))


def proof_of(leaf: Leaf) -> Proof | None:
    """The proof that the newest checkpoint holds a leaf; None while none does."""
    checkpoint = checkpoint_over(leaf.index)
    return Proof(leaf, checkpoint, inclusion(leaf.index, checkpoint.size)) if checkpoint else None
