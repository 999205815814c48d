"""Frameworks of one's own, written in the product; and what a new version changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors
from ..forms import FrameworkForm, RequirementForm, VersionForm
from ..models import Framework, Requirement
from ..services import own as services


def _find(pk: UUID) -> Framework:
    return get_object_or_404(selectors.own_frameworks(), pk=pk)


def _rule(pk: UUID) -> Requirement:
    rows = Requirement.objects.select_related("framework", "parent").filter(framework__in=selectors.own_frameworks())
    return get_object_or_404(rows, pk=pk)


def _at(organization: str, row: Requirement) -> str:
    return f"{reverse('frameworks:framework', args=[organization, row.framework_id])}?at={row.ref}"


@requires(Permission.FRAMEWORK_CHANGE)
def write(request: PageRequest, organization: str) -> HttpResponse:
    """Begin a framework of one's own."""
    form = FrameworkForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            framework = services.create_framework(actor=request.actor, **form.cleaned_data)
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{framework.title} is there, and asks for nothing yet.")
            return redirect("frameworks:add_requirement", organization, framework.pk)
    return render(request, "frameworks/write.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.FRAMEWORK_CHANGE)
def change(request: PageRequest, organization: str, own: UUID) -> HttpResponse:
    """Change what its head says, or begin a new version of it."""
    found = _find(own)
    initial = {name: getattr(found, name) for name in services.HEAD}
    form = FrameworkForm(sent(request), initial=initial, is_new=False)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_framework(actor=request.actor, framework=found, **form.cleaned_data)
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{found.title} is changed.")
            return redirect("frameworks:framework", organization, found.pk)
    return _change_page(request, found, form, VersionForm())


def _change_page(request: PageRequest, found: Framework, form: Any, version_form: Any) -> HttpResponse:
    context = {"form": form, "framework": found, "version_form": version_form}
    bad = form.errors or version_form.errors
    return render(request, "frameworks/write.html", context, status=422 if bad else 200)


@require_POST
@requires(Permission.FRAMEWORK_CHANGE)
def begin_version(request: PageRequest, organization: str, own: UUID) -> HttpResponse:
    """A new version of it, which can be edited."""
    found, form = _find(own), VersionForm(request.POST)
    if form.is_valid():
        try:
            begun = services.begin_version(actor=request.actor, framework=found, version=form.cleaned_data["version"])
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"Version {begun.version} is begun, and says what {found.version} said.")
            return redirect("frameworks:framework", organization, begun.pk)
    initial = {name: getattr(found, name) for name in services.HEAD}
    return _change_page(request, found, FrameworkForm(initial=initial, is_new=False), form)


@requires(Permission.FRAMEWORK_CHANGE)
def add_requirement(request: PageRequest, organization: str, own: UUID) -> HttpResponse:
    """Add a requirement."""
    found = _find(own)
    form = RequirementForm(sent(request), framework=found, initial={"parent": request.GET.get("below")})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_requirement(actor=request.actor, framework=found, **form.cleaned_data)
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{row.ref} is added.")
            again = "more" in request.POST
            return redirect("frameworks:add_requirement", organization, found.pk) if again else redirect(_at(organization, row))
    context = {"form": form, "framework": found}
    return render(request, "frameworks/requirement.html", context, status=422 if form.errors else 200)


@requires(Permission.FRAMEWORK_CHANGE)
def change_requirement(request: PageRequest, organization: str, rule: UUID) -> HttpResponse:
    """Change a requirement."""
    row = _rule(rule)
    initial = {name: getattr(row, name) for name in services.EDITABLE}
    form = RequirementForm(sent(request), framework=row.framework, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.change_requirement(actor=request.actor, requirement=row, **form.cleaned_data)
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{row.ref} is changed.")
            return redirect(_at(organization, row))
    context = {"form": form, "framework": row.framework, "row": _rule(rule)}
    return render(request, "frameworks/requirement.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.FRAMEWORK_CHANGE)
def move_requirement(request: PageRequest, organization: str, rule: UUID) -> HttpResponse:
    """Move a requirement up or down among those beside it."""
    row = _rule(rule)
    try:
        services.move_requirement(actor=request.actor, requirement=row, by=-1 if request.POST.get("to") == "up" else 1)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(_at(organization, row))


@require_POST
@requires(Permission.FRAMEWORK_CHANGE)
def remove_requirement(request: PageRequest, organization: str, rule: UUID) -> HttpResponse:
    """Take a requirement away."""
    row = _rule(rule)
    try:
        services.remove_requirement(actor=request.actor, requirement=row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(_at(organization, row))
    messages.success(request, f"{row.ref} is removed.")
    return redirect("frameworks:framework", organization, row.framework_id)


@requires(Permission.FRAMEWORK_VIEW)
def difference(request: PageRequest, organization: str, own: UUID) -> HttpResponse:
    """What this version changed, and what carried over from the one before."""
    found = _find(own)
    context = {"framework": found, "before": selectors.followed(found), "found": found.difference}
    return render(request, "frameworks/difference.html", context)
