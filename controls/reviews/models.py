"""Control reviews: what is asked of an owner in each calendar block, what they answered, and who stood in for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantKey, TenantModel
from controls.models import Control, Frequency

#: How often a control may be reviewed: what has calendar blocks. What is continuous or on event is asked at intervals.
CADENCES = [
    (each.value, each.label) for each in Frequency if each not in (Frequency.CONTINUOUS, Frequency.ON_EVENT)
]


class ReviewPlan(TenantModel):
    """How often a control is reviewed, from which day. Another cadence is another plan; one holds at a time.

    `chosen`: a person set it, with a reason; else it follows the control's frequency. `ended_on` is the last day on which
    it asked for anything new.
    """

    control = TenantKey(Control, on_delete=models.CASCADE, related_name="+")
    cadence = models.CharField(max_length=12, choices=CADENCES)
    begins_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    chosen = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    set_by = models.CharField(max_length=254)
    set_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "control"], condition=Q(ended_on__isnull=True), name="one_review_plan_per_control"
            )
        ]

    def __str__(self) -> str:
        return f"{self.control.ref}, {self.get_cadence_display().lower()}"


class ReviewState(models.TextChoices):
    """What became of a review. Settled, it only turns to exception, and a skipped one to nothing: the database holds it."""

    OPEN = "open", "To be answered"
    ATTESTED = "attested", "Attested"
    LATE = "late", "Attested late"
    EXCEPTION = "exception", "Exception"
    SKIPPED = "skipped", "Skipped"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: Answered in time or within the grace.
DONE = (ReviewState.ATTESTED, ReviewState.LATE)


class Review(TenantModel):
    """One block of a control's plan: local days, all included.

    Reminders begin on `remind_from`, it is due on `due_on` (the block's last day), goes to the compliance managers on
    `escalates_on`, and is skipped after `closes_on`. All are fixed when it opens. `assignee` is the control's owner, while
    it is open; then whoever was.
    """

    ref = models.CharField(max_length=14)
    control = TenantKey(Control, on_delete=models.CASCADE, related_name="+")
    plan = TenantKey(ReviewPlan, on_delete=models.CASCADE, related_name="+")
    cadence = models.CharField(max_length=12, choices=CADENCES)
    covers_from = models.DateField()
    remind_from = models.DateField()
    due_on = models.DateField()
    escalates_on = models.DateField()
    closes_on = models.DateField()
    assignee = TenantKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    opened_at = models.DateTimeField(default=now, editable=False)
    escalated_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-due_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "ref"], name="one_control_review_ref"),
            models.UniqueConstraint(
                fields=["organization", "control", "plan", "covers_from"], name="one_review_per_control_and_block"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "due_on"]),
            models.Index(fields=["organization", "assignee", "state"]),
            models.Index(fields=["organization", "control", "-due_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.control.ref}"


class Delegation(TenantModel):
    """Somebody is on leave, and another answers their reviews meanwhile. Days are local, both included.

    Of one who gives work away the spans never overlap. `ended_at`: when it was ended before its last day.
    """

    owner = TenantKey(Membership, on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=200)
    delegate = TenantKey(Membership, on_delete=models.PROTECT, related_name="+")
    delegate_name = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField(default=now, editable=False)
    ended_by = models.CharField(max_length=254, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["organization", "owner"]), models.Index(fields=["organization", "delegate"])]

    def __str__(self) -> str:
        return f"{self.delegate_name} for {self.owner_name}"


class AnswerKind(models.TextChoices):
    ATTESTED = "attested", "Attested"
    EXCEPTION = "exception", "Exception reported"
    SKIPPED = "skipped", "Skipped"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Answer(TenantModel):
    """What somebody said of a review, or the system found. Only grows: an exception is never taken back.

    `said`: what was done; for an exception what did not happen, with `consequence` and `remedy`; for one skipped why.
    `stands`: why what systems collect stands for it. `performed_on` is stated, `recorded_on` is the system's; `late` where
    it was recorded after the block. `counts`: it settled the review; else it stands beside what was settled before.
    """

    review = TenantKey(Review, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=10, choices=AnswerKind.choices)
    performed_on = models.DateField(null=True)
    said = models.TextField()
    consequence = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    stands = models.TextField(blank=True)
    given_by = TenantKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    given_by_name = models.CharField(max_length=254)
    delegation = TenantKey(Delegation, on_delete=models.PROTECT, null=True, related_name="+")
    for_name = models.CharField(max_length=200, blank=True)
    late = models.BooleanField(default=False)
    counts = models.BooleanField(default=True)
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.review.ref}"

    @property
    def by(self) -> str:
        """Who gave it: "Priya for Jonas, on leave" where somebody stood in."""
        return f"{self.given_by_name} for {self.for_name}, on leave" if self.for_name else self.given_by_name


class NoticeKind(models.TextChoices):
    BEFORE = "before", "Reminded before it is due"
    LAST_DAY = "last_day", "Reminded on the last day"
    OVERDUE = "overdue", "Reminded when overdue"
    ASKED = "asked", "Reminded by hand"
    ESCALATED = "escalated", "Escalated"


class Notice(TenantModel):
    """That somebody was told of a review: by when and whom. Only grows. `told` are names, as they then were."""

    review = TenantKey(Review, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    told = models.CharField(max_length=1000, blank=True)
    told_by = models.CharField(max_length=254)
    on = models.DateField()
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "review", "kind"], condition=~Q(kind="asked"), name="one_notice_of_a_kind"
            )
        ]
