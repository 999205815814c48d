"""What is wrong with the sample organisation, and when: each defect that a check must find, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sample.base import Clock, Planted
from sample.github.repositories import ORGANIZATION, STRAY, sha_of

if TYPE_CHECKING:
    from sample.github.world import GitHubWorld

CONNECTION = "github"
ORG = f"org:{ORGANIZATION}"


@dataclass(frozen=True)
class Effect:
    """From which day a defect shows in the world, and until which."""

    day: int
    until: int | None = None


#: The world's side of each defect. The checks' side, which may begin later, is in `plan`.
EFFECTS: dict[str, Effect] = {
    "no-2fa": Effect(21, 28), "unprotected": Effect(100), "force-push": Effect(52, 80), "admins-bypass": Effect(130),
    "public": Effect(161), "leaver": Effect(173), "six-owners": Effect(60, 75), "outsider": Effect(109),
    "any-action": Effect(140), "stray": Effect(STRAY.created_day), "direct-push": Effect(93),
    "endless-token": Effect(115), "strong-app": Effect(84, 98), "open-secret": Effect(170), "old-critical": Effect(150),
    "no-codeowners": Effect(70, 111), "open-production": Effect(119),
}  # fmt: skip

#: Days a check allows before it fails: a leaver's account one, a leaked secret one, a critical hole fifteen, as the controls state.
_FAILS = {"leaver": 175, "open-secret": 172, "old-critical": 166}

_PROTECTION = (
    "protection", "required_reviews", "dismiss_stale", "status_checks", "admins_enforced", "no_force_push", "no_deletion",
)  # fmt: skip

#: (effect, check, resource, what a person would say)
_SETTINGS: tuple[tuple[str, str, str, str], ...] = (
    ("no-2fa", "github.org.2fa_required", ORG, "Two-factor authentication was not required for a week"),
    ("force-push", "github.repo.no_force_push", "repo:{org}/settlement-engine", "Force pushes were allowed"),
    ("admins-bypass", "github.repo.admins_enforced", "repo:{org}/card-vault", "Administrators may pass the rules by"),
    ("public", "github.repo.private", "repo:{org}/fraud-rules", "The fraud rules are public"),
    ("leaver", "github.org.members_mapped", "member:{leaver}", "A leaver is still a member nine days on"),
    ("six-owners", "github.org.owners", ORG, "Six people were owners after an incident"),
    ("outsider", "github.org.outside_collaborators", "collaborator:brightloop-dev", "An agency's developer has access"),
    ("any-action", "github.actions.permissions", ORG, "Any action from anywhere may run"),
    ("stray", "github.repo.scope_decided", "repo:{org}/" + STRAY.name, "A repository that scope does not know"),
    ("endless-token", "github.org.pat_policy", "token:{token}", "A personal token without an end"),
    ("strong-app", "github.org.apps_review", "app:deploy-bot-pro", "An app could administer repositories"),
    ("no-codeowners", "github.repo.codeowners", "repo:{org}/pricing-service", "CODEOWNERS was lost in a move"),
    ("open-production", "github.env.prod_reviewers", "environment:{org}/backoffice/production", "Anybody may deploy"),
    *(
        ("unprotected", f"github.repo.{name}", "repo:{org}/payout-scheduler", "The default branch lost its protection")
        for name in _PROTECTION
    ),
)  # fmt: skip

_CHANGES = {
    "alone": ("github.pr.approved_by_other", "A change merged by its author with nobody else's approval"),
    "stale": ("github.pr.approved_by_other", "A change approved before its last push only"),
    "bot": ("github.pr.approved_by_other", "A change that only a bot approved"),
    "red": ("github.pr.ci_passed", "A change merged with a failing test"),
}


def plan(world: GitHubWorld) -> list[Planted]:
    """Every planted defect of a world, in the order of the story."""
    found = [*_settings(world), *_changes(world), *_alerts(world), _push(world.clock)]
    return sorted(found, key=lambda planted: (planted.day, planted.id))


def _planted(
    effect: str, check: str, resource: str, title: str, day: int, until: int | None, suffix: str = ""
) -> Planted:
    return Planted(
        id=f"github-{effect}{suffix}", connection=CONNECTION, day=day, check=check, resources=(resource,), title=title,
        plant=switch(effect, on=True), until=until, mend=switch(effect, on=False),
    )  # fmt: skip


def switch(effect: str, *, on: bool) -> Callable[[GitHubWorld], None]:
    """Plant or mend an effect. Done twice it changes nothing, since one effect may fail several checks."""
    return lambda world: (world.active.add if on else world.active.discard)(effect)


def _settings(world: GitHubWorld) -> Iterator[Planted]:
    names = {"org": ORGANIZATION, "leaver": world.leaver, "token": f"{world.owners[0]}/local scripts"}
    for effect, check, resource, title in _SETTINGS:
        begun = EFFECTS[effect]
        suffix = f"-{check.rsplit('.', 1)[-1]}" if effect == "unprotected" else ""
        day = _FAILS.get(effect, begun.day)
        yield _planted(effect, check, resource.format(**names), title, day, begun.until, suffix)


def _changes(world: GitHubWorld) -> Iterator[Planted]:
    for change in world.changes:
        if change.flaw and change.merged_at is not None:
            check, title = _CHANGES[change.flaw]
            day = (change.merged_at - world.clock.start).days + 1
            yield _planted(f"change-{change.key}", check, f"change:{change.key}", title, day, None)


def _alerts(world: GitHubWorld) -> Iterator[Planted]:
    titles = {
        "old-critical": ("github.dependabot.sla", "A critical hole in a dependency, open past its fifteen days"),
        "open-secret": ("github.secret_scanning.alerts", "A leaked Slack token, open past its day"),
    }
    for alert in world.alerts:
        if alert.flaw:
            check, title = titles[alert.flaw]
            yield _planted(alert.flaw, check, alert.resource, title, _FAILS[alert.flaw], None)


def pushed(clock: Clock) -> tuple[str, str]:
    """The repository and the commit of the emergency change."""
    return "payment-router", sha_of("the emergency change")


def _push(clock: Clock) -> Planted:
    repository, sha = pushed(clock)
    return _planted(
        "direct-push", "github.commits.direct_push", f"change:{ORGANIZATION}/{repository}@{sha}",
        "An emergency change went straight to main", EFFECTS["direct-push"].day, None,
    )  # fmt: skip
