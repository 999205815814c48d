"""Programmes: the list, a new one, one of them, its options, its end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.frameworks.models import Framework
from compliance.frameworks.selectors import frameworks, newest_framework
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from .. import selectors, services
from ..forms import ProgrammeForm
from ..kinds import SHAPES, Shape
from ..models import Programme, ProgrammeKind
from ..pages import page_of
from ..services.programmes import EDITABLE


@requires(Permission.PROGRAMME_VIEW)
def programmes(request: PageRequest, organization: str) -> HttpResponse:
    """Every certification effort, those under way first."""
    found = list(selectors.programmes())
    context = {
        "under_way": [programme for programme in found if not programme.closed_at],
        "closed": [programme for programme in found if programme.closed_at],
    }
    return render(request, "programmes/list.html", context)


@requires(Permission.PROGRAMME_CHANGE)
def create(request: PageRequest, organization: str) -> HttpResponse:
    """First the choice of what for, then the form that this kind needs."""
    shape, framework = _chosen(request.GET.get("kind", ""), request.GET.get("framework", ""))
    if shape is None or framework is None:
        return render(request, "programmes/choose.html", {"kinds": _offers(), "frameworks": frameworks()})
    name = f"{shape.kind.label}, {today(request.organization.timezone).year}"
    if not shape.framework:
        name = f"{framework.short_title} {name[0].lower()}{name[1:]}"
    form = ProgrammeForm(sent(request), shape=shape, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        try:
            programme = services.create_programme(
                actor=request.actor, kind=shape.kind, framework=framework, **form.cleaned_data
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("programmes:programme", organization, programme.pk)
    context = {"form": form, "shape": shape, "framework": framework}
    return render(request, "programmes/new.html", context, status=422 if form.errors else 200)


@requires(Permission.PROGRAMME_VIEW)
def programme(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """One effort: its period, its phases, and the criteria that it is measured by."""
    found = get_object_or_404(selectors.programmes(), pk=programme)
    return render(request, "programmes/programme.html", page_of(found, today(request.organization.timezone)))


@requires(Permission.PROGRAMME_CHANGE)
def change(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Its name, categories and dates."""
    found = get_object_or_404(selectors.programmes(), pk=programme)
    shape = SHAPES[ProgrammeKind(found.kind)]
    initial = {name: getattr(found, name) for name in EDITABLE}
    form = ProgrammeForm(sent(request), shape=shape, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_programme(actor=request.actor, programme=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The programme was changed. Its phases kept their dates.")
            return redirect("programmes:programme", organization, found.pk)
    context = {"form": form, "programme_shown": found}
    return render(request, "programmes/change.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PROGRAMME_CHANGE)
def close(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """End an effort; it stays readable."""
    found = get_object_or_404(Programme, pk=programme)
    services.close_programme(actor=request.actor, programme=found)
    messages.success(request, f"{found.name} is closed.")
    return redirect("programmes:list", organization)


def _chosen(kind: str, framework: str) -> tuple[Shape | None, Framework | None]:
    """What the address asks for; 404 for a kind or a framework that is not there."""
    if not kind:
        return None, None
    if kind not in set(ProgrammeKind):
        raise Http404
    shape = SHAPES[ProgrammeKind(kind)]
    if shape.framework:
        return shape, newest_framework(shape.framework)
    try:
        return shape, get_object_or_404(Framework, pk=UUID(framework)) if framework else None
    except ValueError:
        raise Http404 from None


def _offers() -> list[dict[str, object]]:
    """The kinds that have a framework of their own, with it where it is loaded."""
    own = {prefix: newest_framework(prefix) for prefix in {shape.framework for shape in SHAPES.values()} if prefix}
    return [{"shape": shape, "framework": own[shape.framework]} for shape in SHAPES.values() if shape.framework]
