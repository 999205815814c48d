"""Adopting the starter set: choose the families, name a person for each role, say from when it counts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.sent import sent

from ..adoption import offer
from ..adoption_form import AdoptForm
from ..services.adopt import adopt_starter_set


@requires(Permission.CONTROL_CHANGE)
def adopt(request: PageRequest, organization: str) -> HttpResponse:
    """One page, one press: controls with their mappings, tests, owners and evidence requirements."""
    families = offer()
    form = AdoptForm(sent(request), families=families)
    if request.method == "POST" and form.is_valid():
        adopted = adopt_starter_set(
            actor=request.actor, owners=form.owners, only=form.refs, starts_on=form.cleaned_data["starts_on"],
            implementation=form.cleaned_data["implementation"],
        )  # fmt: skip
        things = "1 control was" if len(adopted) == 1 else f"{len(adopted)} controls were"
        messages.success(request, f"{things} adopted, with what each has to show. Strike what you do not do.")
        return redirect("controls:matrix", organization)
    context = {"form": form, "families": families, "left": sum(len(each.controls) for each in families)}
    return render(request, "evidence/adopt.html", context, status=422 if form.errors else 200)
