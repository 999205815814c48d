"""Deciding on accounts: a page of them at once, many with one decision, or one by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.people.selectors import addresses_of
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal

from .. import selectors
from ..accounts.base import COMMIT
from ..forms import AccountFilter, ManyForm
from ..models import Account, Campaign, CampaignState, Decision
from ..services.decide import Choice, ChoiceError, decide, is_subject
from .finding import find_account, find_campaign

#: Accounts on a page: as many as a form may send with everything that is written into it.
SIZE = 50
#: One decision on more at once is no decision.
MOST_AT_ONCE = 1_000
Typed = Mapping[str, Any]


@require_GET
@requires(Permission.ACCESS_REVIEW_VIEW)
def accounts(request: PageRequest, organization: str, campaign: UUID) -> HttpResponse:
    """The accounts of a campaign, with the form for what waits for the reader. Nothing is chosen beforehand."""
    return _page(request, find_campaign(campaign))


@require_POST
@requires(Permission.ACCESS_REVIEW_DECIDE_OWN)
def decide_page(request: PageRequest, organization: str, campaign: UUID) -> HttpResponse:
    """Decide on what was chosen on a page: all of it or, with what was written kept, nothing."""
    found = find_campaign(campaign)
    typed = {each: _typed(request.POST, each) for each in request.POST.getlist("account")[: SIZE * 2]}
    chosen = {pk: each for pk, each in typed.items() if each["verdict"]}
    choices = [_choice(each, chosen[str(each.pk)]) for each in _own(request, found, chosen)]
    try:
        if not choices:
            raise ValidationError("Nothing was chosen. Choose keep, change or remove beside an account.")
        decide(actor=request.actor, member=request.membership, campaign=found, choices=choices)
    except ChoiceError as error:
        faults = {str(pk): fault for pk, fault in error.faults.items()}
        number = len(faults)
        refused = f"Nothing was recorded yet: {number} {'decision lacks' if number == 1 else 'decisions lack'} something. It stands beside."
        return _page(request, found, typed=typed, faults=faults, refused=refused, status=422)
    except ValidationError as error:
        return _page(request, found, typed=typed, refused=" ".join(error.messages), status=422)
    messages.success(request, f"{len(choices)} {'decision is' if len(choices) == 1 else 'decisions are'} recorded.")
    return redirect(_next(request, found))


def _own(request: PageRequest, campaign: Campaign, ids: Iterable[str]) -> list[Account]:
    """Accounts of the campaign by the ids that were sent; one that is another's is refused by the service."""
    wanted = [UUID(each) for each in ids if _is_id(each)]
    found = Account.objects.filter(campaign=campaign, pk__in=wanted).select_related("account_list", "assignee")
    return list(found.order_by("position", "id"))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _typed(data: QueryDict, pk: str) -> dict[str, Any]:
    """What was written beside one account."""
    return {
        "verdict": data.get(f"verdict-{pk}", "")[:10], "reason": data.get(f"reason-{pk}", "").replace("\x00", "")[:5_000],
        "take": [each.replace("\x00", "")[:300] for each in data.getlist(f"take-{pk}")[:200]],
    }  # fmt: skip


def _choice(account: Account, typed: Typed) -> Choice:
    return Choice(account, typed["verdict"], typed["reason"], tuple(typed["take"]))


def _next(request: PageRequest, campaign: Campaign) -> str:
    """The page that the reviewer asked to see after it: what waits, or the page beside."""
    address = reverse("access_reviews:accounts", args=[request.organization.slug, campaign.pk])
    query = request.GET.copy()
    if cursor := request.POST.get("then", ""):
        query["cursor"] = cursor[:500]
    elif query.get("decided") == selectors.UNDECIDED:
        query.pop("cursor", None)  # what was decided has left the list, so its first page is the next one
    return f"{address}?{query.urlencode()}" if query else address


@require_POST
@requires(Permission.ACCESS_REVIEW_DECIDE_OWN)
def decide_ticked(request: PageRequest, organization: str, campaign: UUID) -> HttpResponse:
    """One decision on everything that is ticked, or on all that the filters show and that waits for the reader."""
    found, form = find_campaign(campaign), ManyForm(request.POST)
    ticked = set(request.POST.getlist("ticked"))
    chosen = _all_waiting(request, found) if request.POST.get("all") else _own(request, found, ticked)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            if not chosen:
                raise ValidationError("Tick the accounts that it is about.")
            if len(chosen) > MOST_AT_ONCE:
                raise ValidationError(f"These are {len(chosen)} accounts. Narrow the list to {MOST_AT_ONCE} at most.")
            choices = [Choice(each, asked["verdict"], asked["reason"]) for each in chosen]
            decide(actor=request.actor, member=request.membership, campaign=found, choices=choices, many=True)
        except ChoiceError as error:
            form.add_error("reason", f"{len(error.faults)} of these need a reason. {error.messages[0]}")
        except ValidationError as error:
            show_refusal(form, error)
        else:
            noun = "account is" if len(chosen) == 1 else "accounts are"
            messages.success(request, f"{len(chosen)} {noun} decided on.")
            return redirect(_next(request, found))
    return _page(request, found, many=form, ticked=ticked, status=422)


def _all_waiting(request: PageRequest, campaign: Campaign) -> list[Account]:
    """Everything that the filters show and that waits for this member."""
    form = _filter(request, campaign)
    shown = selectors.accounts_of(campaign, form.asked, request.membership)
    return list(shown.filter(assignee=request.membership, verdict="", account_list__signed_at__isnull=True)[: MOST_AT_ONCE + 1])


def _filter(request: PageRequest, campaign: Campaign) -> AccountFilter:
    lists = campaign.lists.order_by("position", "id").values_list("pk", "system__name")
    return AccountFilter(request.GET, lists=[(str(pk), name) for pk, name in lists])


def _page(
    request: PageRequest, campaign: Campaign, *, typed: Mapping[str, Typed] | None = None, refused: str = "",
    faults: Mapping[str, tuple[str, str]] | None = None, many: ManyForm | None = None, ticked: Iterable[str] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    form = _filter(request, campaign)
    found = selectors.accounts_of(campaign, form.asked, request.membership)
    page = keyset_page(_with_newest(found), order=selectors.ORDER, cursor=request.GET.get("cursor", ""), size=SIZE)
    own = campaign.accounts.filter(assignee=request.membership)
    known_by = addresses_of(request.membership) if any(each.assignee_id == request.membership.pk for each in page) else set()
    rows = [
        _row(each, request, campaign, (typed or {}).get(str(each.pk)), (faults or {}).get(str(each.pk)), known_by) for each in page
    ]
    context = {
        "campaign": campaign, "filter": form, "page": page, "rows": rows, "any": bool(form.asked), "refused": refused,
        "many": many or ManyForm(), "ticked": set(ticked), "today": today(request.organization.timezone),
        "mine": own.count(), "mine_waiting": own.filter(verdict="").count(), "editable": any(row["editable"] for row in rows),
        "wrong": [row for row in rows if row["fault"]],
    }  # fmt: skip
    return render(request, "access_reviews/accounts.html", context, status=status)


def _with_newest(found: QuerySet[Account]) -> QuerySet[Account]:
    newest = Decision.objects.order_by("account_id", "-id").distinct("account_id")
    return found.prefetch_related(Prefetch("decisions", newest, to_attr="newest"))


def _row(
    account: Account, request: PageRequest, campaign: Campaign, typed: Typed | None, fault: tuple[str, str] | None,
    known_by: Set[str] | None = None,
) -> dict[str, Any]:
    """An account with what its row needs: what was written where it was refused, else nothing chosen."""
    decision = next(iter(getattr(account, "newest", ())), None)
    return {
        "account": account, "decision": decision, "fault": fault, "typed": typed or {"verdict": "", "reason": "", "take": []},
        "editable": _is_editable(account, request, campaign, known_by), "is_commit": account.kind == COMMIT,
    }  # fmt: skip


def _is_editable(account: Account, request: PageRequest, campaign: Campaign, known_by: Set[str] | None) -> bool:
    mine = account.assignee_id == request.membership.pk and request.membership.may(Permission.ACCESS_REVIEW_DECIDE_OWN)
    waits = campaign.state == CampaignState.OPEN and account.account_list.signed_at is None
    return mine and waits and not is_subject(request.membership, account, known_by)


@requires(Permission.ACCESS_REVIEW_VIEW)
def account(request: PageRequest, organization: str, account: UUID) -> HttpResponse:
    """One account: what it is, what was decided and by whom, what became of its removal, and the form to decide."""
    found = find_account(account)
    typed, fault, status = {"verdict": "", "reason": "", "take": []}, None, 200
    if request.method == "POST":
        if not request.membership.may(Permission.ACCESS_REVIEW_DECIDE_OWN):
            raise PermissionDenied("Your role does not allow this.")
        typed = _typed(request.POST, str(found.pk))
        try:
            decide(actor=request.actor, member=request.membership, campaign=found.campaign, choices=[_choice(found, typed)])
        except ChoiceError as error:
            fault, status = error.faults[found.pk], 422
        except ValidationError as error:
            fault, status = ("verdict", " ".join(error.messages)), 422
        else:
            messages.success(request, "The decision is recorded.")
            return redirect("access_reviews:account", organization, found.pk)
    row = _row(found, request, found.campaign, typed, fault)
    removal = getattr(found, "removal", None)
    context = {
        "account": found, "campaign": found.campaign, "row": row, "decisions": list(found.decisions.order_by("-id")),
        "removal": removal, "sights": list(removal.sights.select_related("version__artefact")) if removal else [],
        "today": today(request.organization.timezone), "own": is_subject(request.membership, found),
    }  # fmt: skip
    return render(request, "access_reviews/account.html", context, status=status)
