"""Members: the list, one of them, and the end of a membership."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.tenancy.rooms import here
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import InviteForm, MemberFilter, MemberForm
from ..models import Membership
from ..requests import PageRequest


@requires(Permission.PEOPLE_VIEW)
def members(request: PageRequest, organization: str) -> HttpResponse:
    """Who belongs to the organisation, who is invited, and the form that invites."""
    return render(request, "people/members.html", members_page(request, InviteForm()))


def members_page(request: PageRequest, form: InviteForm) -> dict[str, object]:
    """What the page of members shows; `form` as it was filled in, where an invitation was refused."""
    chosen = MemberFilter(request.GET)
    chosen.is_valid()
    found = selectors.members(text=chosen.cleaned_data.get("q", ""), role=chosen.cleaned_data.get("role", ""))
    page = keyset_page(found, order=("name", "id"), cursor=request.GET.get("cursor", ""))
    holders = selectors.second_factor_holders(member.user_id for member in page)
    return {
        "filter": chosen, "page": page, "holders": holders, "form": form, "invitations": selectors.open_invitations(),
        "lapsed": selectors.lapsed_invitations()[:5], "former": selectors.former_members()[:20],
    }  # fmt: skip


@requires(Permission.PEOPLE_MANAGE)
def member(request: PageRequest, organization: str, membership: UUID) -> HttpResponse:
    """One member: their role, their title, and the way to end the membership."""
    person = _member(membership)
    form = MemberForm(sent(request), initial={"role": person.role, "title": person.title})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_member(actor=request.actor, membership=person, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{person.name} was changed.")
            return redirect("people:members", organization)
    return render(request, "people/member.html", _page(person, form), status=422 if form.errors else 200)


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def end(request: PageRequest, organization: str, membership: UUID) -> HttpResponse:
    """End a membership; whoever ends their own leaves the room."""
    person = _member(membership)
    try:
        services.end_membership(actor=request.actor, membership=person)
    except ValidationError as error:
        form = MemberForm(initial={"role": person.role, "title": person.title})
        page = _page(person, form) | {"refused": " ".join(error.messages)}
        return render(request, "people/member.html", page, status=422)
    messages.success(request, f"{person.name} is no longer a member.")
    return redirect("home") if person.pk == request.membership.pk else redirect("people:members", organization)


def _member(identifier: UUID) -> Membership:
    """A present member of this room, never one's own membership of another."""
    room = Membership.objects.select_related("user").filter(organization_id=here().organization_id)
    return get_object_or_404(room, pk=identifier, ended_at__isnull=True)


def _page(person: Membership, form: MemberForm) -> dict[str, object]:
    holders = selectors.second_factor_holders([person.user_id])
    return {"person_shown": person, "form": form, "has_second_factor": person.user_id in holders}
