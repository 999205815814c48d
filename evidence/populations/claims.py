"""What has to hold of each row of a list, template by template: claims that the rows themselves can deny. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from compliance.web.words import day as in_words

from .deviating import Row, Rule, Unsaid

#: By key, in the order of this file.
RULES: dict[str, Rule] = {}


def rules_of(template: str) -> list[Rule]:
    """The claims of a template, in order."""
    return [each for each in RULES.values() if each.template == template]


def named_in(kept: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Rule, Mapping[str, Any]]]:
    """What a version keeps of its deviations, each with its rule; of a rule that is gone nothing."""
    return ((RULES[each["rule"]], each) for each in kept if each["rule"] in RULES)


def _rule(
    key: str, template: str, claim: str, judged_by: Mapping[str, str] | None = None
) -> Callable[[Callable[[Row], str]], Callable[[Row], str]]:
    def keep(judge: Callable[[Row], str]) -> Callable[[Row], str]:
        RULES[key] = Rule(key, template, claim, judge, judged_by or {})
        return judge

    return keep


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _at(moment: datetime) -> str:
    return f"{in_words(moment.date())}, {moment:%H:%M} UTC"


@_rule(
    "change.approved", "production_changes", "Somebody other than the author approved what was merged.",
    {"github": "github.pr.approved_by_other"},
)  # fmt: skip
def _approved(row: Row) -> str:
    if not row.shows("approved_by"):
        return "Nobody's approval is shown."
    if _same(row.text("approved_by"), row.text("author")):
        return f"{row.text('author')} wrote it and approved it."
    if row.known("approved_after_last_push") is False:
        return f"{row.text('approved_by')} approved it before its last push, and nobody after."
    return ""


@_rule(
    "change.tested", "production_changes", "Its checks ran and passed before it was merged.",
    {"github": "github.pr.ci_passed"},
)  # fmt: skip
def _tested(row: Row) -> str:
    stood = row.text("checks")
    return f"Its checks: {stood}." if stood.casefold().startswith(("failed", "none")) else ""


@_rule("change.ticket", "production_changes", "It names a ticket.")
def _change_ticket(row: Row) -> str:
    if row.asked.collected and row.known("ticket") is None:
        raise Unsaid("ticket")  # a title without one does not say that the description names none
    return "" if row.shows("ticket") else "No ticket is shown."


@_rule("change.ticket_before", "production_changes", "Its ticket was raised before it reached production.")
def _ticket_before(row: Row) -> str:
    raised = row.moment("ticket_raised_at")
    name = "deployed_at" if row.known("deployed_at") else "merged_at"
    made = row.moment(name)
    if raised <= made:
        return ""
    return f"Its ticket was raised on {_at(raised)}, after it was {'deployed' if name == 'deployed_at' else 'merged'} on {_at(made)}."


@_rule("emergency.reviewed", "emergency_changes", "Somebody else looked at it afterwards.")
def _emergency(row: Row) -> str:
    if not row.shows("reviewed_by"):
        return "Nobody is shown to have looked at it afterwards."
    return f"{row.text('author')} made it and looked at it." if _same(row.text("reviewed_by"), row.text("author")) else ""


@_rule("grant.ticket", "access_grants", "A request exists for it.")
def _grant_ticket(row: Row) -> str:
    return "" if row.shows("ticket") else "No request is shown."


@_rule("grant.asked_before", "access_grants", "It was asked for before it was given.")
def _asked_before(row: Row) -> str:
    asked, given = row.moment("requested_at"), row.moment("granted_at")
    return "" if asked <= given else f"It was asked for on {_at(asked)}, after it was given on {_at(given)}."


@_rule("grant.approved", "access_grants", "Somebody other than its receiver approved it.")
def _grant_approved(row: Row) -> str:
    if not row.shows("approved_by"):
        return "Nobody's approval is shown."
    return f"{row.text('account')} approved it, and received it." if _same(row.text("approved_by"), row.text("account")) else ""


@_rule(
    "leaver.in_time", "leavers", "Access ended within the hours that are allowed.",
    {"okta": "okta.users.terminated_deactivated"},
)  # fmt: skip
def _leaver(row: Row) -> str:
    if row.known("ended_at", "ended_by") is None:
        if row.asked.collected:
            return ""  # an account that is open is a difference with the people list, and told there
        return "" if row.shows("ended_at") else "No end of the access is shown."
    hours = row.known("hours")
    if isinstance(hours, int | float) and not isinstance(hours, bool):
        allowed = row.asked.settings.get("hours", 24)
        return "" if hours <= allowed else f"Access ended {hours:g} hours after the last day; {allowed:g} are allowed."
    return "" if row.says("in_time") else "Access ended later than the hours that are allowed."


@_rule("joiner.screened", "joiners", "Screening was complete by the first day.")
def _screened(row: Row) -> str:
    if not row.shows("screened_on"):
        return "No screening is shown."
    done, began = row.day("screened_on"), row.day("started_on")
    return "" if done <= began else f"Screening was complete on {in_words(done)}, after the first day, {in_words(began)}."


@_rule("joiner.agreement", "joiners", "The confidentiality agreement was signed by the first day.")
def _agreement(row: Row) -> str:
    if not row.shows("agreement_on"):
        return "No signed agreement is shown."
    done, began = row.day("agreement_on"), row.day("started_on")
    return "" if done <= began else f"It was signed on {in_words(done)}, after the first day, {in_words(began)}."


@_rule("training.complete", "training", "The training was complete by its day.")
def _trained(row: Row) -> str:
    due = row.day("due_on")
    if not row.shows("completed_on"):
        return f"It was due on {in_words(due)}, and no completion is shown." if due <= row.asked.last else ""
    done = row.day("completed_on")
    return "" if done <= due else f"It was due on {in_words(due)}, and complete on {in_words(done)}."


@_rule("transfer.access", "transfers", "Access was fitted to the new role.")
def _transfer(row: Row) -> str:
    return "" if row.shows("access_reviewed_on") else "Nobody is shown to have looked at the access after the change."


@_rule("review.independent", "access_reviews", "The reviewer is not the one whom the account belongs to.")
def _independent(row: Row) -> str:
    return f"{row.text('reviewer')} decided on the own account." if _same(row.text("reviewer"), row.text("account")) else ""


@_rule("incident.closed", "incidents", "What was done is recorded of one that is over.")
def _incident(row: Row) -> str:
    row.says("ended_on")
    return "" if row.shows("disposition") else "It is over, and nothing says how it was contained and closed."


@_rule("backup.followed_up", "backups", "A failed job was followed up.")
def _backup(row: Row) -> str:
    if not row.text("result").casefold().startswith("fail"):
        return ""
    return "" if row.shows("followed_up") else "It failed, and nothing says what was done about it."


@_rule("job.resolved", "processing_jobs", "A failed run was resolved.")
def _job(row: Row) -> str:
    if not row.text("result").casefold().startswith("fail"):
        return ""
    return "" if row.shows("resolved_at") else "It failed, and nothing says that it was resolved."


@_rule("device.encrypted", "devices", "Its disk is encrypted.")
def _encrypted(row: Row) -> str:
    return "" if row.says("encrypted") else f"The disk of the device of {row.text('holder')} is not encrypted."


@_rule("device.protected", "devices", "Endpoint protection runs on it.")
def _protected(row: Row) -> str:
    return "" if row.says("protected") else f"No protection runs on the device of {row.text('holder')}."


@_rule("disposal.proof", "disposals", "A certificate or a record of the wipe exists.")
def _disposal(row: Row) -> str:
    return "" if row.shows("certificate") else "No certificate is shown."


@_rule("disclosure.told", "disclosures", "An unauthorised one was told to those concerned.")
def _disclosure(row: Row) -> str:
    if row.says("authorised"):
        return ""
    return "" if row.shows("told_on") else "It was not allowed, and nobody is shown to have been told."


@_rule("request.identified", "data_subject_requests", "The person was identified before anything was given.")
def _identified(row: Row) -> str:
    return "" if row.says("identified") else "The person was not identified."


@_rule("vulnerability.in_time", "vulnerabilities", "It was closed within its days.")
def _vulnerability(row: Row) -> str:
    if row.asked.collected and row.known("closed_by") is None:
        return ""  # what is open beyond its days is told by the check of its scanner
    return "" if row.says("in_time") else "It was closed later than its days allow."


@_rule("deficiency.in_time", "deficiencies", "It was put right by its day.")
def _deficiency(row: Row) -> str:
    due = row.day("due_on")
    if row.known("closed_on") is None:
        return f"It was due on {in_words(due)}, and is open." if due <= row.asked.last else ""
    done = row.day("closed_on")
    return "" if done <= due else f"It was due on {in_words(due)}, and closed on {in_words(done)}."
