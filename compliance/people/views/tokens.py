"""API tokens of the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.access.roles import permissions_of
from compliance.tenancy.clock import now
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import TokenForm
from ..models import Token
from ..requests import PageRequest
from ..scopes import AREAS, permissions_for, summary


@dataclass(frozen=True)
class TokenRow:
    """A token as its row shows it."""

    token: Token
    state: str
    scopes: list[str]


@requires(Permission.TOKEN_MANAGE)
def tokens(request: PageRequest, organization: str) -> HttpResponse:
    """Every token: what it may do, until when, when it was last used."""
    page = keyset_page(selectors.tokens(), order=("-id",), cursor=request.GET.get("cursor", ""))
    rows = [TokenRow(token, _state(token), summary(token.scopes)) for token in page]
    return render(request, "people/tokens.html", {"page": page, "rows": rows})


@never_cache
@requires(Permission.TOKEN_MANAGE)
def create(request: PageRequest, organization: str) -> HttpResponse:
    """Make a token and show its secret, once: the page that shows it is kept nowhere."""
    held = permissions_of(request.membership.role)
    form = TokenForm(sent(request), held=held)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            token, handed = services.create_token(
                actor=request.actor, name=asked["name"], scopes=permissions_for(asked["scopes"], held),
                days=asked["days"], creator=request.membership,
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return render(request, "people/token_made.html", {"token": token, "handed": handed})
    context = {"form": form, "scope_rows": _scope_rows(form)}
    return render(request, "people/token_new.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.TOKEN_MANAGE)
def revoke(request: PageRequest, organization: str, token: UUID) -> HttpResponse:
    """End a token."""
    found = get_object_or_404(Token, pk=token)
    services.revoke_token(actor=request.actor, token=found)
    messages.success(request, f"The token {found.name} no longer works.")
    return redirect("people:tokens", organization)


def _state(token: Token) -> str:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at <= now() else "works"


def _scope_rows(form: TokenForm) -> list[dict[str, object]]:
    """The scopes as a table: an area, its box for reading, its box for writing."""
    boxes = {str(box.data["value"]): box for box in form["scopes"].subwidgets}
    rows: list[dict[str, object]] = [
        {"title": area.title, "read": boxes.get(f"{area.key}:read"), "write": boxes.get(f"{area.key}:write")}
        for area in AREAS
    ]
    return [row for row in rows if row["read"] or row["write"]]
