"""Asking for a second factor, and bringing people back to where they were going with what they had written."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.csrf import csrf_protect

from compliance.tenancy.models import Organization
from compliance.tenancy.sealing import CannotOpen, open_sealed, seal

from .proofs import SecondFactor, second_factor

#: Where somebody was going, in their session: {"to": path, "form": what they sent, sealed, or ""}.
_ON_THE_WAY = "on_the_way"
#: A form that is longer is not kept; the page before it, to which the browser goes back, still has it.
_LONGEST = 256_000


def refusal_without_second_factor(request: HttpRequest, organization: Organization) -> HttpResponse | None:
    """None where the organisation requires no second factor or this session has shown one; else the answer that asks for it."""
    if not organization.requires_second_factor:
        return None
    standing = second_factor(request)
    if standing is SecondFactor.SHOWN:
        return None
    says = f"{organization.name} requires a second factor."
    says += " Add one to go on." if standing is SecondFactor.NONE else " Show yours to go on: this session began without it."
    if not _is_of_fragment(request) and "text/html" not in request.headers.get("Accept", "text/html"):
        return _of_program(request, standing, says)
    return _of_form(request, standing, says) if request.method == "POST" else _of_page(request, standing, says)


def page_that_asks(request: HttpRequest, standing: SecondFactor, to: str) -> str:
    """The address at which a factor is added or shown, which leads on to `to`; first to what was sent, where that is kept."""
    if standing is SecondFactor.NONE:
        if not request.session.get(_ON_THE_WAY, {}).get("form"):
            request.session[_ON_THE_WAY] = {"to": to, "form": ""}
        return reverse("mfa_index")
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': to})}"


def kept_form(request: HttpRequest) -> tuple[str, QueryDict | None]:
    """Where the person was going, and what they had sent there; ("", None) where nothing is known of it."""
    kept: dict[str, str] = request.session.get(_ON_THE_WAY, {})
    if not kept.get("form"):
        return kept.get("to", ""), None
    try:
        opened = open_sealed(base64.b64decode(kept["form"]), belongs_to=_owner(request))
    except CannotOpen:
        return kept["to"], None
    return kept["to"], QueryDict(opened)


def forget_way(request: HttpRequest) -> None:
    """They have arrived, or do not want to go on."""
    request.session.pop(_ON_THE_WAY, None)


def _of_page(request: HttpRequest, standing: SecondFactor, says: str) -> HttpResponse:
    messages.warning(request, says)
    return _sent_to(request, page_that_asks(request, standing, _page_in_sight(request)))


@csrf_protect
def _of_form(request: HttpRequest, standing: SecondFactor, says: str) -> HttpResponse:
    """What was sent is kept, once it is known that the person sent it: a page shows it when they come back."""
    sent = QueryDict(request.POST.urlencode(), mutable=True)
    sent.pop("csrfmiddlewaretoken", None)
    text = sent.urlencode()
    if len(text) > _LONGEST:
        messages.warning(request, f"{says} What you sent is too long to be kept meanwhile: go back in your browser to find it.")
        return _sent_to(request, page_that_asks(request, standing, _page_in_sight(request)))
    sealed = base64.b64encode(seal(text, belongs_to=_owner(request))).decode()
    request.session[_ON_THE_WAY] = {"to": request.get_full_path(), "form": sealed}
    messages.warning(request, f"{says} What you sent is kept meanwhile.")
    return _sent_to(request, page_that_asks(request, standing, reverse("go_on")))


def _sent_to(request: HttpRequest, address: str) -> HttpResponse:
    """Where only a part of the page was asked for, the whole of it goes: a redirect would be followed into that part."""
    return HttpResponse(status=403, headers={"HX-Redirect": address}) if _is_of_fragment(request) else redirect(address)


def _is_of_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _page_in_sight(request: HttpRequest) -> str:
    """The page that the person looks at: of a part the one that holds it."""
    current = urlsplit(str(request.htmx.current_url or "") if _is_of_fragment(request) else "")  # type: ignore[attr-defined]
    here = current.path + (f"?{current.query}" if current.query else "")
    return here if here and url_has_allowed_host_and_scheme(here, allowed_hosts=None) else request.get_full_path()


def _of_program(request: HttpRequest, standing: SecondFactor, says: str) -> HttpResponse:
    """A script of ours, or somebody's own with a browser's session: problem+json, `error` for the scripts."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": "Second factor required", "status": 403, "detail": says, "error": says,
        "second_factor": reverse("mfa_index") if standing is SecondFactor.NONE else reverse("mfa_reauthenticate"),
    }  # fmt: skip
    return JsonResponse(body, status=403, content_type="application/problem+json")


def _owner(request: HttpRequest) -> str:
    return f"people:sent-by:{request.user.pk}"
