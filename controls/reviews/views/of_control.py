"""The reviews of one control: a panel of its page, or a page by itself; and how often it is reviewed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent
from controls.models import Control, Frequency

from .. import selectors
from ..forms import CadenceForm
from ..models import ReviewState
from ..services.plan import choose_cadence
from ..strips import drawn, to_come, year_of
from ..timing import cadence_of

_SHOWN = 12


@require_GET
@requires(Permission.REVIEW_VIEW)
def of_control(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """The year of a control's reviews as a strip, the last and the next one, and the latest of them."""
    found = get_object_or_404(Control.objects.select_related("owner"), pk=control)
    on = today(request.organization.timezone)
    scale = year_of(on)
    shown = list(selectors.reviews_of(found).filter(due_on__gte=scale.first)[:400])
    waiting = [each for each in shown if each.state == ReviewState.OPEN]
    plan = selectors.plan_of(found)
    context = {
        "control": found, "plan": plan, "rows": shown[:_SHOWN], "more": len(shown) > _SHOWN, "today": on,
        "scale": scale, "intervals": [*drawn(shown, scale, on), *to_come(plan, scale, on)], "last": selectors.last_done(found),
        "next": min(waiting, key=lambda each: each.due_on, default=None),
    }  # fmt: skip
    fragment = request.htmx  # type: ignore[attr-defined]
    return render(request, "reviews/_of_control.html" if fragment else "reviews/of_control.html", context)


@requires(Permission.REVIEW_MANAGE)
def cadence(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """Review it at another cadence than it is performed, with a reason; or as it is performed again."""
    found = get_object_or_404(Control.objects.select_related("owner"), pk=control)
    plan = selectors.plan_of(found)
    present = {"cadence": plan.cadence, "reason": plan.reason} if plan and plan.chosen else {}
    usual = cadence_of(found.frequency)
    usually = Frequency(usual.value).label.lower() if usual else "no frequency is said"
    form = CadenceForm(sent(request), usual=usually, initial=present)
    if request.method == "POST" and form.is_valid():
        try:
            choose_cadence(actor=request.actor, control=found, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "From today on it is reviewed at this cadence.")
            return redirect("reviews:of_control", organization, found.pk)
    context = {"control": found, "plan": plan, "form": form}
    return render(request, "reviews/cadence.html", context, status=422 if form.errors else 200)
