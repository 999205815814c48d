"""What is wrong with the sample company's Okta, when, and which check must find it.

Two kinds: what the world holds from the beginning and time brings out (`prepare`: a leaver whom nobody
deactivates, somebody who stops signing in), and what an administrator does on a day (`plant`, `mend`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sample.base import Planted
from sample.okta import starting
from sample.okta.accounts import Account, oid
from sample.people import DOMAIN

if TYPE_CHECKING:
    from sample.okta.world import OktaWorld

Change = Callable[["OktaWorld"], None]

LATE_LEAVER = f"piotr.zielinski@{DOMAIN}"  # last day 96, deactivated on day 105
OPEN_LEAVER = f"gaurav.deshpande@{DOMAIN}"  # last day 173, still active when the story ends on day 182
SLOW_LEAVER = f"hugo.lindgren@{DOMAIN}"  # last day 129, deactivated 70 hours after its end
TOKEN_OWNER = f"vasiliki.karagianni@{DOMAIN}"  # last day 41, deactivated in time; the token stays
ABSENT = f"bronwyn.llewellyn@{DOMAIN}"
WEAK_ADMIN = f"moira.carmichael@{DOMAIN}"
UNENROLLED = f"ewan.macaskill@{DOMAIN}"  # joins on day 118
ORPHAN = f"qa.automation@{DOMAIN}"
NEW_SUPERS = (f"duong.phuc@{DOMAIN}", f"niamh.gallagher@{DOMAIN}", f"dervla.mhaolain@{DOMAIN}")
#: A right of the reader's role was lost and given back: for two looks the policies for devices cannot be read.
DENIED = {"/device-assurances": (55, 111)}
SWA_APP = "Corporate Card Portal"


def prepare(world: OktaWorld) -> None:
    """What is there from the first day, and does harm only later."""
    for login in (LATE_LEAVER, OPEN_LEAVER):
        world.account(login).closed = None
    world.account(SLOW_LEAVER).closed = end_of_day(world.clock.at(129)) + timedelta(hours=70)
    world.account(ABSENT).idle_since = world.clock.at(40)
    world.account(UNENROLLED).factors = []
    world.account(TOKEN_OWNER).roles = ["APP_ADMIN"]
    world.tokens["web-preview"] = starting.token("web-preview", world.account(TOKEN_OWNER).id, world.clock)


def end_of_day(at: datetime) -> datetime:
    """The midnight that ends a day at the company."""
    zone = ZoneInfo("Europe/Lisbon")
    return datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), zone).astimezone(UTC)


def _add_orphan(world: OktaWorld) -> None:
    now = world.clock.now
    world.accounts[ORPHAN] = Account(
        id=oid("00u", ORPHAN), login=ORPHAN, first="QA", last="Automation", created=now - timedelta(hours=9),
        activated=now - timedelta(hours=8), factors=["token:software:totp"],
    )  # fmt: skip


def _add_swa_app(world: OktaWorld) -> None:
    world.apps[SWA_APP] = starting.app(
        SWA_APP, "template_swa", "BROWSER_PLUGIN", "Any two factors", world.clock,
        "https://halyard.okta.example", day=world.clock.day,
    )  # fmt: skip
    world.assigned[SWA_APP] = ("Finance",)


def _weaken_passwords(world: OktaWorld) -> None:
    world.policies[oid("00p", "PASSWORD Workforce passwords")]["settings"] = starting.password_settings(
        length=8, common=False
    )


def _mend_passwords(world: OktaWorld) -> None:
    world.policies[oid("00p", "PASSWORD Workforce passwords")]["settings"] = starting.password_settings()


def _rule_actions(policy_id: str, actions: dict[str, Any]) -> Change:
    def change(world: OktaWorld) -> None:
        world.rules[policy_id][0]["actions"] = actions

    return change


def _phone(use: str) -> Change:
    def change(world: OktaWorld) -> None:
        next(a for a in world.authenticators if a["key"] == "phone_number")["settings"]["allowedFor"] = use

    return change


def _factors(login: str, *kinds: str) -> Change:
    def change(world: OktaWorld) -> None:
        world.account(login).factors = list(kinds)

    return change


def _set(name: str, value: Any) -> Change:
    return lambda world: setattr(world, name, value)


def _stream(status: str) -> Change:
    return lambda world: world.log_streams[0].update(status=status)


def _zone(status: str) -> Change:
    return lambda world: world.zones[2].update(status=status)


def _more_supers(world: OktaWorld) -> None:
    for login in NEW_SUPERS:
        account = world.account(login)
        account.roles.append("SUPER_ADMIN")
        world.tell("user.account.privilege.grant", {"id": account.id, "type": "User", "alternateId": login})


def _open_network(world: OktaWorld) -> None:
    world.tokens["metrics-exporter"]["network"] = {"connection": "ANYWHERE"}


def _required_enrolment(world: OktaWorld, how: str) -> None:
    for entry in world.policies[oid("00p", "MFA_ENROLL Workforce enrolment")]["settings"]["authenticators"]:
        if entry["key"] == "okta_verify":
            entry["enroll"]["self"] = how


def _planted(
    id: str, check: str, day: int, resource: str, title: str,
    plant: Change = lambda world: None, until: int | None = None, mend: Change = lambda world: None,
) -> Planted:
    return Planted(
        id=f"okta-{id}", connection="okta", day=day, check=f"okta.{check}", resources=(resource,), title=title,
        plant=plant, until=until, mend=mend,
    )  # fmt: skip


def planted() -> list[Planted]:
    """Every planted defect, in the order of the story."""
    return [*_settings(), *_accounts(), *_leavers()]


def _settings() -> list[Planted]:
    session, console = oid("00p", "OKTA_SIGN_ON Workforce session"), oid("rst", "Okta Admin Console")
    return [
        _planted("log-stream-off", "logs.streaming", 20, "org",
                 "The log stream to the security lake was off for three weeks.",
                 _stream("INACTIVE"), 41, _stream("ACTIVE")),
        _planted("session-idle", "signon.idle", 30, "policy:Workforce session",
                 "The global session was allowed to idle for twelve hours.",
                 _rule_actions(session, starting.session_actions(idle=720)), 62,
                 _rule_actions(session, starting.session_actions())),
        _planted("phone-sign-in", "authenticators.weak_disabled", 55, "authenticator:Phone",
                 "Text messages became a way to sign in.", _phone("any")),
        _planted("group-rule", "groups.rules", 66, "rule:Department is Sales",
                 "The group rule for Sales was invalid for a fortnight.",
                 _set("broken_rules", {"Sales"}), 80, _set("broken_rules", set())),
        _planted("weak-passwords", "password.policy", 75, "policy:Workforce passwords",
                 "The password policy asked for eight characters for two weeks.",
                 _weaken_passwords, 89, _mend_passwords),
        _planted("common-passwords", "password.common", 75, "policy:Workforce passwords",
                 "It let common passwords through meanwhile.", until=89),
        _planted("token-network", "tokens.network", 90, "token:metrics-exporter",
                 "The metrics exporter's token can be used from any network.", _open_network),
        _planted("stored-password", "apps.sso_coverage", 100, f"app:{SWA_APP}",
                 "A new finance application signs on with stored passwords.", _add_swa_app),
        _planted("one-factor", "access_policy.no_1fa_catchall", 112, "policy:Support tools",
                 "The support tools' policy lets everyone else in with one factor.",
                 _rule_actions(oid("rst", "Support tools"), starting.app_actions("1FA"))),
        _planted("admin-console", "mfa.admin_console_phishing_resistant", 125, "app:Okta Admin Console",
                 "The Admin Console did without a phishing-resistant factor for eight days.",
                 _rule_actions(console, starting.app_actions()), 133,
                 _rule_actions(console, starting.app_actions(resistant=True))),
        _planted("threatinsight-off", "threatinsight.block", 140, "org",
                 "ThreatInsight was switched off for twelve days.",
                 _set("threat_insight", "none"), 152, _set("threat_insight", "block")),
        _planted("enrolment-optional", "mfa.enroll_policy", 158, "policy:Workforce enrolment",
                 "Enrolling Okta Verify was made optional for a week.",
                 lambda world: _required_enrolment(world, "OPTIONAL"), 165,
                 lambda world: _required_enrolment(world, "REQUIRED")),
        _planted("zone-off", "zones.blocklist", 168, "org", "The zone that blocks anonymisers was switched off.",
                 _zone("INACTIVE")),
    ]  # fmt: skip


def _accounts() -> list[Planted]:
    return [
        _planted("token-of-leaver", "tokens.review", 42, "token:web-preview",
                 "A token outlives the engineer who made it."),
        _planted("token-unused", "tokens.unused", 133, "token:web-preview",
                 "Nobody has used that token for three months, and nobody took it away."),
        _planted("admin-sms", "mfa.all_users", 58, f"user:{WEAK_ADMIN}",
                 "An application administrator has text messages as the only second factor.",
                 _factors(WEAK_ADMIN, "sms")),
        _planted("orphan", "users.orphans", 70, f"user:{ORPHAN}",
                 "An account for test automation belongs to nobody.", _add_orphan),
        _planted("not-enrolled", "mfa.all_users", 119, f"user:{UNENROLLED}",
                 "An engineer joined and never enrolled a second factor."),
        _planted("inactive", "users.inactive", 131, f"user:{ABSENT}",
                 "An account in sales operations has not been used for three months."),
        _planted("six-super-administrators", "admins.super_count", 150, "org",
                 "Six people are super administrators.", _more_supers),
    ]  # fmt: skip


def _leavers() -> list[Planted]:
    check = "users.terminated_deactivated"
    return [
        _planted("leaver-late", check, 98, f"user:{LATE_LEAVER}", "A leaver was still active nine days on.",
                 until=105, mend=lambda world: world.close(LATE_LEAVER)),
        # Deactivating too late does not undo it: the deviation stands for the period.
        _planted("leaver-late-stands", check, 105, f"user:{LATE_LEAVER}",
                 "That leaver's account was closed nine days after the last day, which stands."),
        _planted("leaver-70-hours", check, 131, f"user:{SLOW_LEAVER}",
                 "An account executive's account was disabled 70 hours after his last day."),
        _planted("leaver-open", check, 175, f"user:{OPEN_LEAVER}",
                 "An engineer who left is still active nine days on."),
    ]  # fmt: skip
