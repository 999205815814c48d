"""What the sample company sells, what runs it, and which data goes where."""

from __future__ import annotations

from compliance.registers.models import Service, System
from compliance.registers.services import add_data_class, add_flow, add_service, add_system, decide_many
from sample.company import Cast

PAYMENTS, INSIGHTS = "Payments", "Merchant insights"
_BOTH = (PAYMENTS, INSIGHTS)

#: Name, kind, what it holds, the services that it serves.
_RUNS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Payment gateway", "application", ("customer", "cardholder"), (PAYMENTS,)),
    ("Card vault", "data_store", ("cardholder",), (PAYMENTS,)),
    ("Ledger", "data_store", ("customer", "financial"), (PAYMENTS,)),
    ("Merchant portal", "application", ("customer", "personal"), _BOTH),
    ("Identity service", "application", ("personal", "credentials"), _BOTH),
    ("Reporting warehouse", "data_store", ("customer", "financial"), (INSIGHTS,)),
    ("Merchant reports", "application", ("customer",), (INSIGHTS,)),
    ("Deployment pipeline", "application", ("source_code", "credentials"), _BOTH),
    ("Log store", "data_store", ("personal", "internal"), _BOTH),
)
_ONE_WAY, _BOTH_WAYS = "one_way", "both_ways"
#: From, to, what it carries, direction, encrypted (None: nobody has said), what for.
_FLOWS: tuple[tuple[str, str, tuple[str, ...], str, bool | None, str], ...] = (
    ("Merchant portal", "Payment gateway", ("customer", "cardholder"), _ONE_WAY, True, "Payments that merchants enter."),
    ("Payment gateway", "Card vault", ("cardholder",), _BOTH_WAYS, True, "Card numbers become tokens here."),
    ("Payment gateway", "Ledger", ("customer", "financial"), _ONE_WAY, True, "Every payment is booked."),
    ("Payment gateway", "Tessellate Card Processing", ("customer", "cardholder"), _BOTH_WAYS, True, "Authorisation and capture."),
    ("Tessellate Card Processing", "Ledger", ("customer", "financial"), _ONE_WAY, True, "Settlement files, daily."),
    ("Ledger", "Reporting warehouse", ("customer", "financial"), _ONE_WAY, True, "Nightly copy without card numbers."),
    ("Reporting warehouse", "Merchant reports", ("customer", "financial"), _ONE_WAY, True, "Figures of each merchant."),
    ("Merchant reports", "Merchant portal", ("customer",), _ONE_WAY, True, "Reports as merchants see them."),
    ("Reporting warehouse", "Snowflake", ("customer", "financial"), _ONE_WAY, True, "Analysis by Finance."),
    ("Identity service", "Merchant portal", ("personal", "credentials"), _BOTH_WAYS, True, "Merchants sign in."),
    ("Merchant portal", "Paperboat Mail", ("customer", "personal"), _ONE_WAY, True, "Receipts and notices by mail."),
    ("Merchant portal", "Harbour Support Desk", ("customer", "personal"), _BOTH_WAYS, True, "Questions of merchants."),
    ("Customer Support", "Harbour Support Desk", ("customer",), _BOTH_WAYS, True, "Support answers questions."),
    ("Customer Support", "Halyard Back Office", ("customer",), _BOTH_WAYS, True, "Support looks up payments."),
    ("Halyard Back Office", "Ledger", ("customer", "financial"), _BOTH_WAYS, True, "Refunds and corrections."),
    ("Ledger", "Amazon Web Services", ("customer", "financial"), _BOTH_WAYS, True, "Stored and backed up there."),
    ("Card vault", "Amazon Web Services", ("cardholder",), _BOTH_WAYS, True, "Stored there, under keys of our own."),
    ("Payment gateway", "Log store", ("personal", "internal"), _ONE_WAY, True, "Logs without card numbers."),
    ("Merchant portal", "Log store", ("personal", "internal"), _ONE_WAY, True, "Logs."),
    ("Log store", "Datadog", ("internal",), _ONE_WAY, None, "Figures and alarms."),
    ("Okta", "Halyard Back Office", ("employee", "credentials"), _ONE_WAY, True, "Staff sign in."),
    ("Okta", "AWS IAM Identity Center", ("employee", "credentials"), _ONE_WAY, True, "Engineers reach the accounts."),
    ("HiBob", "Okta", ("employee",), _ONE_WAY, True, "Joiners and leavers."),
    ("HiBob", "Quillmark Payroll", ("employee", "financial"), _ONE_WAY, True, "Pay."),
    ("GitHub", "Deployment pipeline", ("source_code",), _ONE_WAY, True, "What was reviewed and merged."),
    ("Deployment pipeline", "Staging", ("source_code",), _ONE_WAY, True, "Every build is tried here first."),
)


def begin(cast: Cast) -> None:
    """The company's own data classes and its two services, before anything is named for them."""
    manager = cast.actor("compliance_manager")
    for name in ("Confidential", "Restricted"):
        add_data_class(actor=manager, name=name)
    add_service(
        actor=manager, name=PAYMENTS, owner=cast["owner_changes"],
        description="Merchants take card payments and are paid out: by API, by checkout page, in the portal.",
    )  # fmt: skip
    add_service(
        actor=manager, name=INSIGHTS, owner=cast["owner_engineering"],
        description="Merchants see figures and reports of their payments.",
    )  # fmt: skip


def connect(cast: Cast) -> None:
    """What runs the services, in scope, and the flows between all of it."""
    manager = cast.actor("compliance_manager")
    services = {service.name: service for service in Service.objects.all()}
    made = [
        add_system(
            actor=manager, name=name, kind=kind, data_classes=list(holds), environment="production",
            owner=cast["owner_platform"], services=[services[each] for each in serves],
        )
        for name, kind, holds, serves in _RUNS
    ]  # fmt: skip
    decide_many(
        actor=manager, systems=made, decision="in", justification="Runs a service that customers pay for."
    )  # fmt: skip
    known = {system.name: system for system in System.objects.order_by("-id")}
    for source, target, carries, direction, encrypted, description in _FLOWS:
        add_flow(
            actor=manager, source=known[source], target=known[target], data_classes=list(carries), direction=direction,
            encrypted=encrypted, description=description,
        )  # fmt: skip
