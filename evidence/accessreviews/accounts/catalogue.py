"""Which systems of the register accounts can be read of, from which vendor's facts."""

from __future__ import annotations

from .aws import READINGS as AWS
from .base import Reading
from .github import READINGS as GITHUB
from .okta import READINGS as OKTA
from .pushed import READINGS as PUSHED

READINGS: dict[str, Reading] = {each.id: each for each in (*AWS, *GITHUB, *OKTA, *PUSHED)}


def reading_of(kind: str, external_id: str) -> tuple[Reading, str] | None:
    """How the accounts of a system are read, and its name at the vendor; None where no vendor's facts tell.

    AWS accounts stand in the register by their number alone, everything else with the vendor before it: `push:payroll` is
    the system, of any kind, whose accounts the source `payroll` pushes.
    """
    vendor, _, name = external_id.rpartition(":")
    for reading in READINGS.values():
        if reading.kind in ("", kind) and name and vendor == ("" if reading.vendor == "aws" else reading.vendor):
            return reading, name
    return None
