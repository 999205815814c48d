"""Access reviews: a campaign, the lists of accounts it froze, what was decided on each, and what became of removals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from compliance.people.models import Membership
from compliance.registers.models import System, Worker
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel, TenantOneToOne
from evidence.collectors.models import Connection
from evidence.models import EvidenceRequirement, Version


class CampaignState(models.TextChoices):
    """Completed or skipped it stays so: the database holds it."""

    PREPARING = "preparing", "Being prepared"
    OPEN = "open", "Under way"
    COMPLETED = "completed", "Completed"
    SKIPPED = "skipped", "Skipped"


class Campaign(TenantModel):
    """One review of who has access, over a period of local days, both included.

    `requirement` is the evidence that it brings. Completed after `due_on` it is `late`, and dated with the day on which
    that was. `valid_until`: the last day on which what it kept counts as reviewed. `removal_days`: calendar days within
    which a removal has to be carried out. `reason`: why it was skipped. `book` and `record` are its result as evidence.
    """

    ref = models.CharField(max_length=14)
    name = models.CharField(max_length=200)
    requirement = TenantKey(EvidenceRequirement, on_delete=models.CASCADE, related_name="+")
    covers_from = models.DateField()
    covers_to = models.DateField()
    due_on = models.DateField()
    valid_until = models.DateField()
    removal_days = models.PositiveSmallIntegerField(default=14)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.PREPARING)
    prepared_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    prepared_at = models.DateTimeField(default=now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=254, blank=True)
    late = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    book = TenantKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    record = TenantKey(Version, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-due_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="one_access_review_ref")]
        indexes = [models.Index(fields=["organization", "state", "due_on"]), models.Index(fields=["organization", "requirement"])]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}"


class Origin(models.TextChoices):
    NONE = "none", "No list yet"
    COLLECTED = "collected", "Collected"
    PUSHED = "pushed", "Pushed"
    UPLOADED = "uploaded", "Uploaded"


class AccountList(TenantModel):
    """The accounts of one system as they were frozen for a campaign: what was reviewed, provably.

    `reads` names how accounts are read from facts (accounts/catalogue.py), `named` what the system is called there, at its
    vendor. `sha256` is of the canonical rows. `leaves_out`
    says what could not be read; `stands_for` maps a check to the resource that the list as a whole is. `reviewer` decides,
    `stand_in` on the reviewer's own accounts. `answer`: what the reviewer said to having changed nothing. `looked_at`:
    when the newest list was collected that removals were held against.
    """

    campaign = TenantKey(Campaign, on_delete=models.CASCADE, related_name="lists")
    system = TenantKey(System, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.NONE)
    reads = models.CharField(max_length=40, blank=True)
    named = models.CharField(max_length=300, blank=True, default="")
    connection = TenantKey(Connection, on_delete=models.SET_NULL, null=True, related_name="+")
    collected_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    leaves_out = models.TextField(blank=True)
    stands_for = models.JSONField(default=dict, blank=True)
    reviewer = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    stand_in = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    answer = models.TextField(blank=True)
    signed_by = models.CharField(max_length=254, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "campaign", "system"], name="one_account_list_per_system")
        ]

    def __str__(self) -> str:
        return f"{self.campaign.ref} {self.system.name}"

    @property
    def text_id(self) -> str:
        """Its id as an address has it."""
        return str(self.pk)


class ListSource(TenantModel):
    """What a list was taken from: a stored version of a fact kind, collected or pushed, or of a file that was brought. Only grows."""

    account_list = TenantKey(AccountList, on_delete=models.CASCADE, related_name="sources")
    version = TenantKey(Version, on_delete=models.PROTECT, related_name="+")
    fact_kind = models.CharField(max_length=80)
    collected_at = models.DateTimeField()
    rows = models.PositiveIntegerField()

    class Meta:
        ordering = ["fact_kind", "id"]


class Verdict(models.TextChoices):
    KEEP = "keep", "Keep"
    CHANGE = "change", "Change"
    REMOVE = "remove", "Remove"


class Account(TenantModel):
    """One account of a list, as it was when the list was frozen; `verdict` and `decided_at` repeat its newest decision.

    `key` names it in its system for good. `person` is whose it is, `subject` that person's membership: they never decide
    on it. `orphan`: nobody on the people list; `left`: somebody who no longer works here. `unused`: for 90 days, or never.
    `use_known` is false where the source does not tell. `stands_for`: a check's resource that this account is.
    """

    campaign = TenantKey(Campaign, on_delete=models.CASCADE, related_name="accounts")
    account_list = TenantKey(AccountList, on_delete=models.CASCADE, related_name="accounts")
    position = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=400)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)
    email = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=60, blank=True)
    person = TenantKey(Worker, on_delete=models.SET_NULL, null=True, related_name="+")
    person_name = models.CharField(max_length=200, blank=True)
    subject = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    orphan = models.BooleanField(default=False)
    left = models.BooleanField(default=False)
    service = models.BooleanField(default=False)
    privileged = models.BooleanField(default=False)
    unused = models.BooleanField(default=False)
    use_known = models.BooleanField(default=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    entitlements = models.JSONField(default=list, blank=True)
    unread = models.CharField(max_length=300, blank=True)
    stands_for = models.JSONField(default=dict, blank=True)
    assignee = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "account_list", "key"], name="one_account_per_list_and_key"),
            models.CheckConstraint(
                condition=Q(assignee__isnull=True) | Q(subject__isnull=True) | ~Q(assignee=F("subject")),
                name="nobody_reviews_their_own_access",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "account_list", "position"]),
            models.Index(fields=["organization", "assignee", "verdict"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def needs_reason(self) -> bool:
        """Whether keeping it takes a reason: it is privileged, unused, or belongs to nobody who works here."""
        return self.privileged or self.unused or self.orphan or self.left


class Decision(TenantModel):
    """What was decided on an account. Only grows; the newest counts until the list is signed.

    `take`: of a change the entitlements that are taken away. `many`: it was one of several decided at once.
    """

    account = TenantKey(Account, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    take = models.JSONField(default=list, blank=True)
    many = models.BooleanField(default=False)
    decided_by = TenantKey(Membership, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=254)
    decided_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]


class RemovalState(models.TextChoices):
    OPEN = "open", "Still there"
    GONE = "gone", "Gone"
    BACK = "back", "Came back"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: What waits to be carried out.
STANDING = (RemovalState.OPEN, RemovalState.BACK)


class Removal(TenantModel):
    """Access that has to go: the account, or the entitlements in `take`. Closed only by a later list without it.

    `seen_at`: when the newest list was collected that it was held against; `gone_at` and `proof`: the list that no longer
    had it.
    """

    account = TenantOneToOne(Account, on_delete=models.CASCADE, related_name="removal")
    campaign = TenantKey(Campaign, on_delete=models.CASCADE, related_name="removals")
    account_list = TenantKey(AccountList, on_delete=models.CASCADE, related_name="removals")
    take = models.JSONField(default=list, blank=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=RemovalState.choices, default=RemovalState.OPEN)
    seen_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    proof = TenantKey(Version, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["organization", "state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.campaign.ref} {self.account.name}"


class Sight(TenantModel):
    """That a removal turned: what a later list showed. Only grows."""

    removal = TenantKey(Removal, on_delete=models.CASCADE, related_name="sights")
    state = models.CharField(max_length=10, choices=RemovalState.choices)
    version = TenantKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    collected_at = models.DateTimeField(null=True)
    held = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
