"""Every account of an organisation through one connection: listed to the last page, opened by a role of its own, read in
each of its regions; one that lets nobody in is unknown and the others are read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from evidence.checks.base import REGISTRY, Facts, FactSet, Outcome, Reason, checks_of, in_sum, run
from evidence.collectors.aws import probe
from evidence.collectors.aws.client import AwsSession
from evidence.collectors.aws.discover import discover
from evidence.collectors.aws.templates import role_template
from evidence.collectors.aws.vendor import KINDS, VENDOR, minimal_policy, setup
from evidence.collectors.base import CollectionError, PermissionResult
from tests.evidence.aws.looking import Look, collect, context_for
from tests.evidence.aws.stand_in import NOW, Answer, Asked, Behave, refusal, stand_in
from tests.loopback import serve_open

HOME, PAY, DATA, OLD = "111122223333", "222222222222", "333333333333", "444444444444"
CONFIG = {
    "role_arn": f"arn:aws:iam::{HOME}:role/FieldworkReadOnly", "regions": "eu-west-1", "external_id": "ours",
    "member_role": "FieldworkReadOnly",
}  # fmt: skip
LISTED = [
    [{"Id": HOME, "Name": "root", "Status": "ACTIVE"}, {"Id": PAY, "Name": "payments", "Status": "ACTIVE"}],
    [{"Id": DATA, "Name": "data", "State": "ACTIVE"}, {"Id": OLD, "Name": "old", "Status": "SUSPENDED"}],
]
INSTANCE = "arn:aws:sso:::instance/ssoins-1111111111111111"
SET = "arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-1111111111111111"
DETECTORS = "aws.guardduty.detectors"


class Organisation:
    """A stand-in for AWS that knows of whom each key is. `shut` are accounts whose role cannot be assumed, `open` those
    whose role asks for no ExternalId, `regions` what is enabled in each account."""

    def __init__(self, behave: Callable[[str, Asked], Answer | None] | None = None) -> None:
        self.behave = behave or (lambda account, asked: None)
        self.pages = LISTED
        self.external_id = CONFIG["external_id"]
        self.shut: set[str] = set()
        self.open: set[str] = set()
        self.regions = {HOME: ["eu-west-1"], PAY: ["eu-west-1", "eu-central-1"], DATA: ["eu-west-1"]}
        self.asked: list[tuple[str, Asked]] = []

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> Any:
        found = re.search(r"Credential=ASIA(\d{12})", environ.get("HTTP_AUTHORIZATION", ""))
        account = found[1] if found else ""

        def answer(asked: Asked) -> Answer:
            self.asked.append((account, asked))
            return self.behave(account, asked) or self.usual(account, asked)

        return stand_in(answer, assume=lambda asked: self.sts(account, asked))(environ, start_response)

    def sts(self, account: str, asked: Asked) -> Answer | None:
        if asked.service != "sts":
            return None
        if asked.operation == "GetCallerIdentity":
            inside = f"<Account>{account}</Account><Arn>arn:aws:sts::{account}:assumed-role/F/x</Arn><UserId>u</UserId>"
            return Answer(f"<R><GetCallerIdentityResult>{inside}</GetCallerIdentityResult></R>".encode())
        wanted = asked.form["RoleArn"].split(":")[4]
        self.asked.append((wanted, asked))
        refused = wanted in self.shut or (asked.form.get("ExternalId") != self.external_id and wanted not in self.open)
        if refused:
            return refusal(asked, "403 Forbidden", "AccessDenied")
        inside = (
            f"<AccessKeyId>ASIA{wanted}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            "<Expiration>2099-01-01T00:00:00Z</Expiration>"
        )
        return Answer(f"<R><AssumeRoleResult><Credentials>{inside}</Credentials></AssumeRoleResult></R>".encode())

    def usual(self, account: str, asked: Asked) -> Answer:
        if asked.operation == "ListAccounts":
            number = int(asked.form.get("NextToken") or 0)
            more = {"NextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
            return Answer(json.dumps({"Accounts": self.pages[number], **more}).encode())
        if asked.operation == "DescribeRegions":
            rows = "".join(
                f"<item><regionName>{name}</regionName><optInStatus>opt-in-not-required</optInStatus></item>"
                for name in self.regions[account]
            )
            off = "<item><regionName>af-south-1</regionName><optInStatus>not-opted-in</optInStatus></item>"
            return Answer(f"<R><regionInfo>{rows}{off}</regionInfo></R>".encode())
        if asked.path.startswith("/detector"):
            on = {"status": "ENABLED"} if account != DATA else {"status": "DISABLED"}
            return Answer(json.dumps({"detectorIds": ["d1"]} if asked.path == "/detector" else on).encode())
        return Answer(b"{}" if asked.json else b"<Response/>")


@pytest.fixture
def world() -> Organisation:
    return Organisation()


@pytest.fixture
def address(world: Organisation) -> Iterator[str]:
    with serve_open(world.wsgi) as url:
        yield url


def _look(address: str, kinds: list[str] | None = None, **config: str) -> Look:
    return collect({**CONFIG, **config}, NOW, address, kinds)


def _facts(look: Look, *kinds: str) -> Facts:
    sets = {}
    for id in kinds or look.pages:
        kind, (pages, reason, message) = VENDOR.kind(id), look.pages[id]
        rows = list(kind.rows(pages)) if reason is None else []
        sets[id] = FactSet(id, rows, NOW, reason, message, kind.can_be_empty, kind.estates(pages))
    return Facts(NOW, sets)


def _by_account(look: Look, check: str, kind: str) -> dict[str, tuple[Outcome, Reason | None]]:
    findings = run(REGISTRY[check], _facts(look, kind))
    return {finding.resource.split("/")[0].removeprefix("account:"): (finding.outcome, finding.reason) for finding in findings}


def test_the_list_is_read_to_its_last_page_and_suspended_accounts_are_left_out_and_said(address: str) -> None:
    look = _look(address, ["aws.organization.accounts"])
    rows = {row["account"]: row for row in look.rows("aws.organization.accounts")}
    assert [(id, row["looked_at"]) for id, row in rows.items()] == [(HOME, True), (PAY, True), (DATA, True), (OLD, False)]
    assert rows[OLD]["why"] == "AWS says that it is suspended."
    assert rows[PAY]["name"] == "payments"
    assert [call.call for call in look.calls].count("organizations:ListAccounts") == 2


def test_each_account_is_judged_by_itself(address: str) -> None:
    look = _look(address, [DETECTORS])
    assert _by_account(look, "aws.guardduty.enabled", DETECTORS) == {
        HOME: (Outcome.PASS, None), PAY: (Outcome.PASS, None), DATA: (Outcome.FAIL, None),
    }  # fmt: skip


def test_every_enabled_region_of_each_account_is_looked_at_unless_some_are_named(address: str) -> None:
    look = _look(address, [DETECTORS], regions="")
    seen = {(row["account"], row["region"]) for row in look.rows(DETECTORS)}
    assert seen == {(HOME, "eu-west-1"), (PAY, "eu-west-1"), (PAY, "eu-central-1"), (DATA, "eu-west-1")}
    named = _look(address, [DETECTORS], regions="eu-west-1")
    assert {row["region"] for row in named.rows(DETECTORS)} == {"eu-west-1"}


def test_an_account_that_lets_nobody_in_is_unknown_and_the_others_are_read(world: Organisation, address: str) -> None:
    world.shut = {PAY}
    look = _look(address, ["aws.organization.accounts", DETECTORS])
    assert look.reason(DETECTORS) is None
    assert _by_account(look, "aws.guardduty.enabled", DETECTORS) == {
        HOME: (Outcome.PASS, None), PAY: (Outcome.UNKNOWN, Reason.DENIED), DATA: (Outcome.FAIL, None),
    }  # fmt: skip
    (dark,) = [f for f in run(REGISTRY["aws.guardduty.enabled"], _facts(look, DETECTORS)) if f.outcome is Outcome.UNKNOWN]
    assert f"sts:AssumeRole on arn:aws:iam::{PAY}:role/FieldworkReadOnly" in dark.message
    told, *_ = look.context.partly
    assert "payments" in told.message
    assert "StackSet" in told.remedy
    rows = {row["account"]: row for row in look.rows("aws.organization.accounts")}
    assert rows[PAY]["looked_at"]["$unknown"] == "denied"
    assert rows[PAY]["missing"] == f"sts:AssumeRole on arn:aws:iam::{PAY}:role/FieldworkReadOnly"


def test_no_check_passes_for_an_account_that_was_not_read(world: Organisation, address: str) -> None:
    """Neither by the rows of the others nor by having none: of every check that reads facts of an account."""
    world.shut = {PAY}
    look = _look(address)
    facts = _facts(look)
    house = {"org.workers": FactSet("org.workers", [{"email": "a@x", "active": True, "accounts": {}}])}
    facts = Facts(NOW, {**facts.sets, **house})
    for check in checks_of("aws"):
        if check.whole:
            continue
        own = [f for f in run(check, facts) if PAY in f.resource]
        assert own, check.id
        assert {f.outcome for f in own} == {Outcome.UNKNOWN}, check.id


def test_an_account_without_a_trail_fails_beside_one_that_has_one() -> None:
    """What is not there leaves no row: the account is known to have been looked at all the same."""
    trail = {"account": HOME, "region": "eu-west-1", "arn": "arn:trail", "multi_region": True, "logging": True}
    summary = [{"account": id, "region": "eu-west-1", "arn": f"account:{id}"} for id in (HOME, PAY)]
    sets = {
        "aws.cloudtrail.trails": FactSet("aws.cloudtrail.trails", [trail], NOW, can_be_empty=True, estates=(HOME, PAY)),
        "aws.iam.account_summary": FactSet("aws.iam.account_summary", summary, NOW, estates=(HOME, PAY)),
    }
    found = {f.resource: f.outcome for f in run(REGISTRY["aws.cloudtrail.multiregion"], Facts(NOW, sets))}
    assert found == {"arn:trail": Outcome.PASS, f"account:{PAY}": Outcome.FAIL}


def test_one_denied_action_in_one_account_names_that_account(world: Organisation, address: str) -> None:
    def behave(account: str, asked: Asked) -> Answer | None:
        denied = account == DATA and asked.service == "guardduty"
        return refusal(asked, "403 Forbidden", "AccessDeniedException") if denied else None

    world.behave = behave
    look = _look(address, [DETECTORS])
    assert _by_account(look, "aws.guardduty.enabled", DETECTORS)[DATA] == (Outcome.UNKNOWN, Reason.DENIED)
    (told,) = look.context.partly
    assert told.permission == "guardduty:ListDetectors"


def test_a_role_that_needs_no_external_id_is_not_read_in_a_member_either(world: Organisation, address: str) -> None:
    world.open = {DATA}
    look = _look(address, [DETECTORS])
    assert _by_account(look, "aws.guardduty.enabled", DETECTORS)[DATA] == (Outcome.UNKNOWN, Reason.DENIED)
    assert "without the ExternalId" in look.context.partly[0].message


def test_where_no_account_can_be_read_the_kind_could_not_be(world: Organisation, address: str) -> None:
    world.behave = lambda account, asked: (
        refusal(asked, "403 Forbidden", "AccessDeniedException") if asked.service == "guardduty" else None
    )
    look = _look(address, [DETECTORS])
    assert look.reason(DETECTORS) is Reason.DENIED
    assert look.context.partly == []


def test_an_account_may_be_left_out_and_that_is_said(world: Organisation, address: str) -> None:
    look = _look(address, ["aws.organization.accounts", DETECTORS], leave_out=f"{DATA}, 999999999999")
    rows = {row["account"]: row["why"] for row in look.rows("aws.organization.accounts")}
    assert rows[DATA] == "Left out by this connection."
    assert DATA not in {row["account"] for row in look.rows(DETECTORS)}
    assert not [asked for account, asked in world.asked if account == DATA]


def test_a_connection_without_a_member_role_sees_its_own_account_alone(world: Organisation, address: str) -> None:
    look = _look(address, ["aws.organization.accounts", DETECTORS], member_role="")
    assert [row["account"] for row in look.rows("aws.organization.accounts")] == [HOME]
    assert not [asked for _, asked in world.asked if asked.operation == "ListAccounts"]


def test_identity_center_is_asked_at_the_top_for_every_account(world: Organisation, address: str) -> None:
    def behave(account: str, asked: Asked) -> Answer | None:
        if asked.service != "sso":
            return None
        assert account == HOME
        return Answer(json.dumps({
            "ListInstances": {"Instances": [{"InstanceArn": INSTANCE, "IdentityStoreId": "d", "Status": "ACTIVE"}]},
            "ListPermissionSets": {"PermissionSets": [SET]},
            "DescribePermissionSet": {"PermissionSet": {"Name": "Admins"}},
            "ListAccountAssignments": {"AccountAssignments": [
                {"PrincipalType": "USER", "PrincipalId": asked.form.get("AccountId"), "AccountId": asked.form.get("AccountId")}
            ]},
        }[asked.operation]).encode())  # fmt: skip

    world.behave = behave
    look = _look(address, ["aws.sso.instances", "aws.sso.assignments", "aws.iam.account_summary"])
    rows = look.rows("aws.sso.assignments")
    assert [(row["account"], row["arn"]) for row in rows] == [
        (HOME, SET), (PAY, f"{SET}/{PAY}"), (DATA, f"{SET}/{DATA}")
    ]
    assert [row["assignments"][0]["id"] for row in rows] == [HOME, PAY, DATA]
    summary = [{"account": id, "region": "eu-west-1", "arn": f"account:{id}"} for id in (HOME, PAY, DATA)]
    facts = _facts(look, "aws.sso.instances", "aws.sso.assignments")
    facts = Facts(NOW, {**facts.sets, "aws.iam.account_summary": FactSet("aws.iam.account_summary", summary, NOW)})
    assert in_sum(run(REGISTRY["aws.sso.enabled"], facts)) is Outcome.PASS
    assert len(run(REGISTRY["aws.sso.assignments"], facts)) == 3


def test_accounts_are_candidates_for_the_scope_register_closed_ones_too(world: Organisation, address: str) -> None:
    world.shut = {PAY}
    look = _look(address, ["aws.organization.accounts", "aws.account.regions"])
    rows = {kind: look.rows(kind) for kind in look.pages}
    found = {d.external_id: d for d in discover(rows) if d.kind == "account"}
    assert set(found) == {HOME, PAY, DATA}
    assert found[PAY].name == f"AWS account payments ({PAY})"
    assert found[HOME].detail["regions"] == ["eu-west-1"]
    assert found[PAY].detail["regions"] == []


LIST_TROUBLE: dict[str, tuple[Behave, Reason]] = {
    "401": (lambda a: refusal(a, "401 Unauthorized", "UnrecognizedClientException"), Reason.DENIED),
    "403": (lambda a: refusal(a, "403 Forbidden", "AccessDeniedException"), Reason.DENIED),
    "404": (lambda a: refusal(a, "404 Not Found", "NoSuchThing"), Reason.MALFORMED),
    "429": (lambda a: refusal(a, "429 Too Many Requests", "TooManyRequestsException"), Reason.RATE_LIMITED),
    "429 with Retry-After": (
        lambda a: refusal(a, "429 Too Many Requests", "TooManyRequestsException", ("Retry-After", "7")), Reason.RATE_LIMITED,
    ),
    "500": (lambda a: refusal(a, "500 Internal Server Error", "ServiceException"), Reason.UNREACHABLE),
    "no organisation": (lambda a: refusal(a, "400 Bad Request", "AWSOrganizationsNotInUseException"), Reason.DENIED),
    "truncated": (lambda a: Answer(b'{"Accounts": [{"Id'), Reason.MALFORMED),
    "empty": (lambda a: Answer(b"{}"), Reason.MALFORMED),
    "nulls": (lambda a: Answer(b'{"Accounts": [{"Id": null, "Name": null, "Status": null}]}'), Reason.MALFORMED),
    "the same token again": (lambda a: Answer(b'{"Accounts": [], "NextToken": "again"}'), Reason.MALFORMED),
}  # fmt: skip


@pytest.mark.parametrize("trouble", LIST_TROUBLE)
def test_a_list_that_cannot_be_read_leaves_everything_unknown(world: Organisation, address: str, trouble: str) -> None:
    behave, expected = LIST_TROUBLE[trouble]
    world.behave = lambda account, asked: behave(asked) if asked.service == "organizations" else None
    look = _look(address)
    assert {look.reason(kind.id) for kind in KINDS} == {expected}
    findings = [finding for check in checks_of("aws") for finding in run(check, _facts(look))]
    assert {finding.outcome for finding in findings} == {Outcome.UNKNOWN}
    refused = _tested(address)["organizations:ListAccounts"]
    assert not refused.allowed


def test_a_list_that_may_not_be_read_names_the_permission_and_where_to_ask(world: Organisation, address: str) -> None:
    world.behave = lambda account, asked: (
        refusal(asked, "403 Forbidden", "AccessDeniedException") if asked.service == "organizations" else None
    )
    context, _, _ = context_for(CONFIG, NOW, address)
    with pytest.raises(CollectionError) as refused:
        VENDOR.open(context)
    assert refused.value.permission == "organizations:ListAccounts"
    assert "delegated administrator" in refused.value.remedy


ASSUME_TROUBLE: dict[str, tuple[Behave, Reason]] = {
    "403": (lambda a: refusal(a, "403 Forbidden", "AccessDenied"), Reason.DENIED),
    "401": (lambda a: refusal(a, "401 Unauthorized", "InvalidClientTokenId"), Reason.DENIED),
    "404": (lambda a: refusal(a, "404 Not Found", "NoSuchThing"), Reason.MALFORMED),
    "429": (lambda a: refusal(a, "429 Too Many Requests", "Throttling"), Reason.RATE_LIMITED),
    "500": (lambda a: refusal(a, "500 Internal Server Error", "InternalFailure"), Reason.UNREACHABLE),
    "truncated": (lambda a: Answer(b"<R><AssumeRoleResult><Cred"), Reason.MALFORMED),
    "nulls": (lambda a: Answer(b"<R><AssumeRoleResult/></R>"), Reason.MALFORMED),
}  # fmt: skip


@pytest.mark.parametrize("trouble", ASSUME_TROUBLE)
def test_a_role_that_cannot_be_assumed_leaves_its_account_unknown_for_the_reason(
    world: Organisation, address: str, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    behave, expected = ASSUME_TROUBLE[trouble]
    usual = world.sts
    monkeypatch.setattr(
        world, "sts",
        lambda account, asked: behave(asked) if PAY in str(asked.form.get("RoleArn")) else usual(account, asked),
    )  # fmt: skip
    look = _look(address, [DETECTORS])
    assert _by_account(look, "aws.guardduty.enabled", DETECTORS) == {
        HOME: (Outcome.PASS, None), PAY: (Outcome.UNKNOWN, expected), DATA: (Outcome.FAIL, None),
    }  # fmt: skip


def test_regions_that_cannot_be_listed_leave_that_account_unknown(world: Organisation, address: str) -> None:
    world.behave = lambda account, asked: (
        refusal(asked, "403 Forbidden", "UnauthorizedOperation")
        if account == PAY and asked.operation == "DescribeRegions" else None
    )  # fmt: skip
    look = _look(address, [DETECTORS], regions="")
    assert _by_account(look, "aws.guardduty.enabled", DETECTORS)[PAY] == (Outcome.UNKNOWN, Reason.DENIED)
    assert look.context.partly[0].permission == "ec2:DescribeRegions"


def _tested(address: str, **config: str) -> dict[str, PermissionResult]:
    context, _, _ = context_for({**CONFIG, **config}, NOW, address)
    return {result.permission: result for result in VENDOR.test(context)}


def test_a_test_says_of_each_account_what_is_missing(world: Organisation, address: str) -> None:
    def behave(account: str, asked: Asked) -> Answer | None:
        denied = account == DATA and asked.operation == "DescribeVolumes"
        return refusal(asked, "403 Forbidden", "UnauthorizedOperation") if denied else None

    world.behave, world.shut = behave, {PAY}
    results = _tested(address)
    assert results["organizations:ListAccounts"].message == "4 accounts are listed."
    assert not results[f"sts:AssumeRole in {PAY} (payments)"].allowed
    assert not results[f"ec2:DescribeVolumes in {DATA} (data)"].allowed
    assert "ec2:DescribeVolumes" in results[f"ec2:DescribeVolumes in {DATA} (data)"].remedy
    assert results[f"account {OLD} (old)"] == PermissionResult(f"account {OLD} (old)", True, "AWS says that it is suspended.")


def test_a_test_of_many_accounts_ends_while_somebody_waits(
    world: Organisation, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "PATIENCE", -1.0)
    world.shut = {PAY}
    results = _tested(address)
    assert not results[f"sts:AssumeRole in {PAY} (payments)"].allowed
    assert "first collection" in results[f"account {DATA} (data)"].message


def test_a_large_organisation_is_opened_once_and_holds_no_more_than_it_needs(
    world: Organisation, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"{500000000000 + n}" for n in range(60)]
    world.pages = [LISTED[0], *([{"Id": id, "Name": f"team {id[-2:]}", "Status": "ACTIVE"} for id in numbers[n : n + 20]]
                                for n in range(0, 60, 20))]  # fmt: skip
    rested: list[str] = []
    rest = AwsSession.rest

    def resting(session: AwsSession) -> None:
        rested.append(session.account)
        rest(session)

    monkeypatch.setattr(AwsSession, "rest", resting)
    look = _look(address, [DETECTORS, "aws.ec2.volumes"])
    assert [call.call for call in look.calls].count("organizations:ListAccounts") == 4
    assert len({row["account"] for row in look.rows(DETECTORS)}) == 62
    with_id = [a for a, asked in world.asked if asked.operation == "AssumeRole" and "ExternalId" in asked.form]
    assert sorted(with_id) == sorted({*with_id})
    assert set(numbers) <= set(rested)


def test_the_template_is_the_least_that_is_needed() -> None:
    found = json.loads(role_template("arn:aws:iam::999900001111:root", "abc", minimal_policy()))
    role = found["Resources"]["Role"]["Properties"]
    (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    assert found["Parameters"]["ExternalId"]["Default"] == "abc"
    assert role["Policies"][0]["PolicyDocument"] == minimal_policy()
    assert len(json.dumps(minimal_policy(), separators=(",", ":"))) < 10_240  # what an inline policy of a role may hold
    assert "organizations:ListAccounts" not in json.dumps(role)
    assert found["Resources"]["Listing"]["Condition"] == "Lists"
    assert role_template("arn:aws:iam::999900001111:root", "abc", minimal_policy()) in setup("arn:aws:iam::999900001111:root", "abc")


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"regions": "eu west 1"}, "regions"), ({"member_role": f"arn:aws:iam::{PAY}:role/x"}, "member_role"),
        ({"leave_out": "123"}, "leave_out"), ({"role_arn": "FieldworkReadOnly"}, "role_arn"), ({"role_arn": ""}, "role_arn"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_right_is_named(config: dict[str, str], field: str) -> None:
    assert list(VENDOR.faults({**CONFIG, **config}, {})) == [field]


def test_fields_that_can_be_right_are_not() -> None:
    right = {**CONFIG, "regions": "EU-WEST-1, us-gov-west-1", "member_role": "/audit/Fieldwork", "leave_out": PAY}
    assert VENDOR.faults(right, {}) == {}
    assert VENDOR.faults({**CONFIG, "regions": "", "member_role": "", "leave_out": ""}, {}) == {}
