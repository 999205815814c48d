"""What a row of a statement still lacks, worked out from what it says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .models import Decision, Doer


class Lack(StrEnum):
    """The kinds of lack, in the order in which they are worked off; each is what the filter `lacks` takes."""

    DECISION = "decision"
    AGAIN = "again"
    DRIVER = "driver"
    TREATMENT = "treatment"
    OWNER = "owner"
    IMPLEMENTATION = "implementation"
    SIGNATURE = "signature"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Lack.DECISION: "Nobody has decided whether it applies",
    Lack.AGAIN: "An exclusion has to be looked at again",
    Lack.DRIVER: "No driver says why it is included",
    Lack.TREATMENT: "The treatment is not described",
    Lack.OWNER: "Nobody owns it",
    Lack.IMPLEMENTATION: "It does not say who carries it out",
    Lack.SIGNATURE: "Nobody has signed the residual risk as it stands",
}


@dataclass(frozen=True)
class Said:
    """What of a row decides what it lacks."""

    decision: str
    drivers: bool
    treatment: bool
    owner: bool
    implementation: str
    party: bool
    signed: bool
    again: bool


def lacks_of(said: Said) -> tuple[Lack, ...]:
    """The lacks of one row, in order. What is undecided lacks the decision, and is asked for the rest once it has one."""
    if said.decision == Decision.UNDECIDED:
        return (Lack.DECISION,)
    if said.decision == Decision.EXCLUDED:
        checks = {Lack.AGAIN: not said.again, Lack.OWNER: said.owner, Lack.SIGNATURE: said.signed}
    else:
        doer = bool(said.implementation) and (said.implementation == Doer.OWN or said.party)
        checks = {
            Lack.DRIVER: said.drivers, Lack.TREATMENT: said.treatment, Lack.OWNER: said.owner, Lack.IMPLEMENTATION: doer,
            Lack.SIGNATURE: said.signed,
        }  # fmt: skip
    return tuple(lack for lack, met in checks.items() if not met)
