"""Many rows of everything in a furnished room: of each list, and of what hangs on the one object that a page shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

from audits.models import AuditorNote, PortalAct, PortalOpening
from audits.readiness import covered
from audits.readiness.figures import rebuild_figures
from audits.readiness.models import FiguresDay
from audits.reports.models import Report
from compliance.people.models import Invitation
from compliance.tenancy.clock import now, today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.reviews.models import Notice
from evidence.accessreviews.models import AccountList, Campaign, Decision, ListSource, Removal, Sight
from evidence.attesting.models import Backing
from evidence.collectors.models import KindState, RunStep, Snapshot
from evidence.coverage.selectors import coverage_counted
from evidence.models import EvidenceLink, VersionDecision
from evidence.requests.models import AskEvent
from gaps.models import GapControl
from tests.api.rows import LISTS, copies
from tests.api.world import furnished
from tests.house.world import World


def crowded(organization: Organization, person: Any, name: str, number: int) -> World:
    """A furnished room with so many rows of every noun more."""
    world = furnished(organization, person, name)
    with scope(organization):
        for maker in LISTS.values():
            if maker is not None:
                maker(world, number)
        for fill in (
            _people, _of_the_control, _of_the_review, _of_the_artefact, _of_the_connection, _of_the_access_review, _of_the_request,
            _of_the_gap, _of_the_audit, _days, _entries,
        ):  # fmt: skip
            fill(world, number)
        with _counted_once():
            rebuild_figures()
    return world


@contextmanager
def _counted_once() -> Iterator[None]:
    """The coverage of a period, once for all programmes: they are copies of each other, and each would take a second."""
    counted: dict[str, list[Any]] = {}

    def once(programme: Any, period: Any, on: Any) -> list[Any]:
        known = repr((period, on))
        if known not in counted:
            counted[known] = coverage_counted(programme, period, on)
        return counted[known]

    with mock.patch.object(covered, "coverage_counted", once):
        yield


def _people(world: World, number: int) -> None:
    copies(Invitation.objects.get(pk=world["invitation"].pk), number, email=lambda n: f"new{n}@x.example", secret_hash=str)
    copies(world["report"], number)
    copies(world["saved_view"], number, name=lambda n: f"View {n}")


def _of_the_control(world: World, number: int) -> None:
    """Requirements of the one control, each with evidence of its own."""
    asked = copies(world["evidence_requirement"], number, ref=lambda n: f"EVR-C{n}", key=lambda n: f"of-control-{n}")
    made = copies(world["artefact"], number, ref=lambda n: f"EV-C{n}")
    copies(world["version"], number, artefact_id=lambda n: made[n].pk)
    EvidenceLink.objects.bulk_create(
        [EvidenceLink(requirement=each, artefact=one) for each, one in zip(asked, made, strict=True)]
    )
    EvidenceLink.objects.bulk_create([EvidenceLink(requirement=world["evidence_requirement"], artefact=one) for one in made])
    EvidenceLink.objects.bulk_create([EvidenceLink(requirement=each, artefact=world["artefact"]) for each in asked])


def _of_the_review(world: World, number: int) -> None:
    """Reviews of the one control, answers, notices and evidence of the one review, and leaves of the manager."""
    review, version = world["control_review"], world["version"]
    copies(review, number, ref=lambda n: f"REV-C{n}", covers_from=lambda n: review.covers_from - timedelta(days=n + 1))
    copies(Notice.objects.get(review=review), number)
    made = copies(world["review_answer"], number)
    Backing.objects.bulk_create([Backing(answer=each, version=version, linked_by="Mei") for each in made])
    copies(world["delegation"], number, starts_on=lambda n: world["delegation"].starts_on + timedelta(days=n))


def _of_the_artefact(world: World, number: int) -> None:
    VersionDecision.objects.bulk_create(
        [VersionDecision(version=world["version"], acceptance="approved", decided_by="Femi") for _ in range(number)]
    )
    copies(world["upload"], min(number, 15), state=lambda n: "held", filename=lambda n: f"held-{n}.txt")


def _of_the_connection(world: World, number: int) -> None:
    moment, connection = now(), world["connection"]
    copies(world["check_state"], number, check_id=lambda n: f"github.made.{n}")
    copies(world["interval"], number, resource=lambda n: f"repository:{n}")
    copies(KindState.objects.filter(connection=connection)[0], number, fact_kind=lambda n: f"github.k{n}")
    steps = RunStep.objects.filter(run=world["run"]).exclude(pk=world["step"].pk)
    Snapshot.objects.bulk_create(
        [
            Snapshot(
                connection=connection, step=step, version=world["version"], fact_kind=step.fact_kind, collected_at=moment, rows=1
            )
            for step in steps
        ]
    )


def _of_the_access_review(world: World, number: int) -> None:
    """The review that pages show: lists of many systems, accounts of the manager with decisions, removals that turned. What
    is under way does not grow, so it is a review of its own."""
    campaign = copies(world["prepared_campaign"], 1, ref=lambda n: "ARV-C1")[0]
    systems = copies(
        world["system"], number, ref=lambda n: f"SYS-A{n}", external_id=lambda n: f"access:{n}",
        owner_id=lambda n: world["membership"].pk,
    )  # fmt: skip
    lists = copies(
        world["account_list"], number, campaign_id=lambda n: campaign.pk, system_id=lambda n: systems[n].pk,
        leaves_out=lambda n: "Something.",
    )  # fmt: skip
    kept = lists[0]
    ListSource.objects.bulk_create(
        [
            ListSource(account_list=kept, version=world["version"], fact_kind=f"k{n}", collected_at=now(), rows=1)
            for n in range(number)
        ]
    )
    accounts = copies(
        world["account"], number, campaign_id=lambda n: campaign.pk, account_list_id=lambda n: kept.pk, key=lambda n: f"c{n}",
        position=int,
    )  # fmt: skip
    Removal.objects.bulk_create(
        [
            Removal(account=each, campaign=campaign, account_list=kept, asked_at=now(), due_on=today() - timedelta(days=1))
            for each in accounts
        ]
    )
    removal = Removal.objects.get(account=accounts[0])
    Sight.objects.bulk_create([Sight(removal=removal, state="back", version=world["version"]) for _ in range(number)])
    Campaign.objects.filter(pk=campaign.pk).update(state="open")
    member = world["membership"]
    Decision.objects.bulk_create(
        [
            Decision(account=each, verdict="keep", reason="Needed.", decided_by=member, decided_by_name=member.name)
            for each in [*accounts, *[accounts[0]] * number]
        ]
    )
    _of_the_settled_review(world, number)
    world.objects |= {"campaign": Campaign.objects.get(pk=campaign.pk), "account_list": kept, "account": accounts[0]}


def _of_the_settled_review(world: World, number: int) -> None:
    """Reviews that are over, and lists, accounts and removals of one that was copied while it was open."""
    over, still = world["settled_campaign"], world["prepared_campaign"]
    copies(Campaign.objects.get(pk=over.pk), number, ref=lambda n: f"ARV-S{n}")
    result = {"book_id": lambda n: over.book_id, "record_id": lambda n: over.record_id}
    grown = copies(still, 1, ref=lambda n: "ARV-S", name=lambda n: over.name, **result)[0]
    systems = copies(world["system"], number, ref=lambda n: f"SYS-B{n}", external_id=lambda n: f"settled:{n}")
    lists = copies(
        world["prepared_list"], number, campaign_id=lambda n: grown.pk, system_id=lambda n: systems[n].pk, origin=lambda n: "collected",
        collected_at=lambda n: now(), taken_at=lambda n: now(),
    )  # fmt: skip
    accounts = copies(
        world["account"], number, campaign_id=lambda n: grown.pk, account_list_id=lambda n: lists[n].pk, key=lambda n: f"s{n}",
        verdict=lambda n: "remove",
    )  # fmt: skip
    Removal.objects.bulk_create(
        [
            Removal(
                account=each, campaign=grown, account_list=of, asked_at=now(), due_on=today(), state="gone", gone_at=now(),
                proof=world["version"],
            )
            for each, of in zip(accounts, lists, strict=True)
        ]
    )
    member = world["membership"]
    Campaign.objects.filter(pk=grown.pk).update(state="open")
    Decision.objects.bulk_create(
        [Decision(account=each, verdict="remove", reason="Gone.", decided_by=member, decided_by_name=member.name) for each in accounts]
    )
    AccountList.objects.filter(campaign=grown).update(signed_by="Mei", signed_at=now(), answer="It was looked at.")
    Campaign.objects.filter(pk=grown.pk).update(state="completed", settled_at=now(), settled_by="Mei")
    world.objects["settled_campaign"] = Campaign.objects.get(pk=grown.pk)


def _of_the_request(world: World, number: int) -> None:
    """What the manager is asked for, what is late with somebody outside, and what happened to the one request."""
    copies(world["own_ask"], number, ref=lambda n: f"ASK-C{n}")
    copies(world["ask"], number, ref=lambda n: f"ASK-L{n}", due_on=lambda n: today() - timedelta(days=1))
    AskEvent.objects.bulk_create([AskEvent(ask=world["ask"], kind="mailed", by="Mei") for _ in range(number)])


def _of_the_gap(world: World, number: int) -> None:
    """Gaps of the one control and of the manager, and controls of the one gap."""
    made = copies(world["gap"], number, ref=lambda n: f"GAP-C{n}", subject=lambda n: f"of-control-{n}", rank=lambda n: n + 500)
    controls = copies(world["control"], number, ref=lambda n: f"C-{n}")
    GapControl.objects.bulk_create([GapControl(gap=gap, control=world["control"]) for gap in made])
    GapControl.objects.bulk_create([GapControl(gap=world["gap"], control=control) for control in controls])


def _of_the_audit(world: World, number: int) -> None:
    """What the manager has to answer, what the seat wrote down, and what it opened."""
    asked = copies(world["request"], number, ref=lambda n: f"REQ-C{n}")
    made = copies(world["version"], number, number=lambda n: n + 2000)
    for request, version in zip(asked, made, strict=True):
        copies(world["request_evidence"], 1, request_id=lambda n, pk=request.pk: pk, version_id=lambda n, pk=version.pk: pk)
    seat, audit = world["seat"], world["audit"]
    AuditorNote.objects.bulk_create(
        [AuditorNote(request=request, seat=seat, author=seat.name, text="A note.") for request in [world["request"]] * number + asked]
    )
    PortalOpening.objects.bulk_create(
        [
            PortalOpening(
                audit=audit, seat=seat, act=PortalAct.OPENED, item_type="request", item_id=request.pk, item_label=request.ref,
                at=now() - timedelta(days=1),
            )
            for request in asked
        ]
    )


def _days(world: World, number: int) -> None:
    FiguresDay.objects.bulk_create([FiguresDay(day=today() - timedelta(days=n + 1)) for n in range(number)])


def _entries(world: World, number: int) -> None:
    """Entries about everything that a page shows a history of."""
    for noun in ("control", "gap", "artefact", "connection", "audit", "request", "system", "programme", "membership"):
        target = world[noun]
        Entry.objects.bulk_create(
            [
                Entry(
                    actor_kind="person", actor_label="Mei", action=f"{target._meta.label_lower}.changed",
                    target_type=target._meta.label_lower, target_id=target.pk, target_label=str(target)[:300],
                )
                for _ in range(number)
            ]
        )
    assert Report.objects.count() > number
