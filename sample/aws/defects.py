"""What is wrong in the sample company's AWS, on purpose: the whole written list, in order of its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.aws import defects_exposure, defects_identity, defects_watch
from sample.base import Planted

if TYPE_CHECKING:
    from sample.aws.world import AwsWorld


def planted(world: AwsWorld) -> list[Planted]:
    """Every defect of both accounts. What must be there before its day (an old key, a disk on a shelf) is laid now."""
    found = [*defects_identity.planted(world), *defects_exposure.planted(world), *defects_watch.planted(world)]
    return sorted(found, key=lambda one: (one.day, one.id))
