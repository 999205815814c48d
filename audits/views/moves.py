"""Moving a request on. One address per move; what each needs and does is in the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal

from ..forms.requests import AssignForm, ReasonForm
from ..models import Request
from ..moves import WrongState
from ..services import (
    assign_request,
    send_back_request,
    submit_for_review,
    submit_request,
    take_up_request,
    withdraw_request,
)
from .finding import request_or_404, sentences
from .request_page import request_page

ANSWERERS = (Permission.REQUEST_ANSWER, Permission.REQUEST_ANSWER_OWN, Permission.REQUEST_MANAGE)
_PLAIN: dict[str, tuple[Callable[..., Request], str]] = {
    "take_up": (take_up_request, "{} is yours again."),
    "review": (submit_for_review, "{} is in internal review. A compliance manager submits it."),
    "submit": (submit_request, "{} was submitted. The auditor can read it now."),
}
_REASONED: dict[str, tuple[Callable[..., Request], str]] = {
    "send_back": (send_back_request, "{} went back to its assignee."),
    "withdraw": (withdraw_request, "{} was withdrawn. What the auditor could read stays readable."),
}


@require_POST
@requires(Permission.REQUEST_MANAGE)
def assign(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Give the request to a member."""
    item = request_or_404(pk)
    form = AssignForm(request.POST, item=item)
    if not form.is_valid():
        return request_page(request, item, status=422, assign_form=form)
    done = f"{item.ref} went to {form.cleaned_data['assignee'].name}."
    return _do(request, item, form, "assign_form", assign_request, done, assignee=form.cleaned_data["assignee"])


@require_POST
@requires(*ANSWERERS)
def move(request: PageRequest, organization: str, pk: UUID, name: str) -> HttpResponse:
    """Move the request on: `take_up`, `review`, `submit`, or with a reason `send_back`, `withdraw`."""
    item = request_or_404(pk)
    if name in _PLAIN:
        service, done = _PLAIN[name]
        return _do(request, item, None, "", service, done.format(item.ref))
    if name not in _REASONED:
        raise Http404
    service, done = _REASONED[name]
    form = ReasonForm(request.POST, prefix=name)
    if not form.is_valid():
        return request_page(request, item, status=422, **{f"{name}_form": form})
    return _do(request, item, form, f"{name}_form", service, done.format(item.ref), reason=form.cleaned_data["reason"])


def _do(
    request: PageRequest,
    item: Request,
    form: Any,
    form_name: str,
    service: Callable[..., Request],
    done: str,
    **arguments: Any,
) -> HttpResponse:
    try:
        service(actor=request.actor, request=item, **arguments)
    except WrongState as error:
        return request_page(request, request_or_404(item.pk), status=409, conflict=sentences(error))
    except ValidationError as error:
        if form is None:
            return request_page(request, item, status=422, refused=sentences(error))
        show_refusal(form, error)
        return request_page(request, item, status=422, **{form_name: form})
    messages.success(request, done)
    return redirect("audits:request", request.organization.slug, item.pk)
