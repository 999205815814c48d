"""The rules of scope, SCO-01 and on, and the shape of what a rule finds. Pure.

Those on third parties, PTY-01 and on, are their room's (`compliance/parties/rules.py`); both stand on the same page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from compliance.parties.rules import CRITICAL, MINOR, SIGNIFICANT


@dataclass(frozen=True)
class Rule:
    """A rule by its id: what it says, why an auditor would mind, and what settles it. `severity` is management's estimate."""

    id: str
    severity: str
    title: str
    why: str
    todo: str


@dataclass(frozen=True)
class Found:
    """What a rule has to say of one thing.

    `about` names the thing within the rule, so that the same warning is known again. `place` is the page on which it is
    put right: a URL name, the id that it takes or None, and a query. `basis` are the facts that a decision on the warning
    rests on: when they change, the decision no longer holds. `severity` is the rule's unless the facts soften it.
    """

    rule: Rule
    about: str
    subject: str
    reason: str
    place: tuple[str, UUID | None, str]
    basis: Mapping[str, object] = field(default_factory=dict)
    system: UUID | None = None
    programme: UUID | None = None
    severity: str = ""
    todo: str = ""

    @property
    def key(self) -> str:
        return f"{self.rule.id}:{self.about}"


_DECIDE_IN = "Bring it into scope, or record why it may stay out and when that is looked at again."
_BOUNDARY = "An auditor draws the boundary around what customers rely on. What is left out of it is asked for first."

DATABASE_OUT = Rule("SCO-01", CRITICAL, "A production database is out of scope", _BOUNDARY, _DECIDE_IN)
IDENTITY_OUT = Rule(
    "SCO-02", CRITICAL, "An identity provider is out of scope",
    "Who signs in is decided there: without it no control over access can be shown to work.", _DECIDE_IN,
)  # fmt: skip
CLOUD_OUT = Rule(
    "SCO-03", CRITICAL, "A cloud account is out of scope",
    "Whatever runs in it runs outside the boundary, its logs and keys too.", _DECIDE_IN,
)  # fmt: skip
STORE_OUT = Rule("SCO-04", CRITICAL, "A store of customer data is out of scope", _BOUNDARY, _DECIDE_IN)
UNDECLARED = Rule(
    "SCO-05", SIGNIFICANT, "Discovered, and not declared",
    "A connection sees it and the register has no decision on it: the description would leave out something that runs.",
    "Decide in or out, with the reason.",
)  # fmt: skip
NEVER_COLLECTED = Rule(
    "SCO-06", SIGNIFICANT, "Declared, and never collected from",
    "It is in scope, and nothing was ever collected that shows how it is run.",
    "Connect it, link evidence that a person brings, or record why none is needed.",
)  # fmt: skip
UNCLASSIFIED = Rule(
    "SCO-07", MINOR, "Unclassified",
    "Nobody has decided, so it counts as in scope, and its evidence is missing until somebody does.",
    "Decide in or out, with the reason.",
)  # fmt: skip
FLOW_OUT = Rule(
    "SCO-08", SIGNIFICANT, "Data flows to something out of scope",
    "Data leaves the boundary that the report speaks of, and no control follows it.",
    "Bring the receiver into scope, end the flow, or record why it is of no account.",
)  # fmt: skip
FLOW_UNREVIEWED = Rule(
    "SCO-09", SIGNIFICANT, "Data flows to a third party that nobody has reviewed",
    "Vendors that receive data are to be assessed before and while they do (CC9.2).",
    "Review the party and record the outcome, or end the flow.",
)  # fmt: skip
UNSUPPORTED = Rule(
    "SCO-10", SIGNIFICANT, "A category is chosen that evidence does not support",
    "A category that is chosen is examined whole: each criterion without evidence is an exception or a qualification.",
    "Collect evidence for the criteria named, leave a criterion out with a reason, or take the category back.",
)  # fmt: skip
PROMISE_WITHOUT = Rule(
    "SCO-11", SIGNIFICANT, "A commitment without its category",
    "Customers were promised something that no criterion of this examination looks at.",
    "Choose the category, withdraw the commitment, or record why the report may leave it out.",
)  # fmt: skip
IDLE = Rule(
    "SCO-12", MINOR, "In scope without customer data",
    "What is in scope has to be evidenced all year. This holds, receives and reaches no customer data.",
    "Take it out of scope with that reason, or say what it does for the service.",
)  # fmt: skip
ANOTHER_FRAMEWORK = Rule(
    "SCO-13", SIGNIFICANT, "Facts that call for another framework",
    "Whoever stores, processes or transmits cardholder data answers to PCI DSS, whatever else is examined.",
    "Begin a PCI DSS programme, or record how the obligation is met elsewhere.",
)  # fmt: skip
LATE_SYSTEM = Rule(
    "SCO-14", SIGNIFICANT, "Entered scope within the period, and its check list is not complete",
    "Its population is shorter than the period: the auditor has to be told from which day controls work there.",
    "Go through its check list.",
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    DATABASE_OUT, IDENTITY_OUT, CLOUD_OUT, STORE_OUT, UNDECLARED, NEVER_COLLECTED, UNCLASSIFIED, FLOW_OUT,
    FLOW_UNREVIEWED, UNSUPPORTED, PROMISE_WITHOUT, IDLE, ANOTHER_FRAMEWORK, LATE_SYSTEM,
)  # fmt: skip
BY_ID = {rule.id: rule for rule in RULES}
