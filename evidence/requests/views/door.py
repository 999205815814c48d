"""The page behind a link: before every room, without an account. The secret names the organisation and opens one request.

The link itself is what lets somebody in, and nothing that a browser sends along by itself does, so no CSRF token is asked for:
then the page can forbid that its address is told to anybody.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from compliance.people.secrets import digest
from compliance.people.selectors import organization_named_by
from compliance.tenancy.clock import today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.web.refusals import show_refusal
from compliance.web.sent import is_longer_than, sent_with_files
from evidence.forms import too_large

from ..forms import AnswerForm
from ..models import AskLink
from ..selectors import is_retired, is_waiting, link_behind
from ..services.answer import hand_in

#: Within a span of seconds: tries from one address of links that do not open, and calls of one link. Many people may stand
#: behind one address, so only what fails is counted against it.
PER_ADDRESS, PER_LINK, SPAN = 60, 30, 300


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in_by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what is asked for, and take it in. A link that is unknown, revoked, expired or of another organisation is the
    same 404: it tells nobody which."""
    if _too_often(request, secret):
        return _sealed(render(request, "evidence_requests/door_wait.html", status=429))
    organization = organization_named_by(secret)
    if organization is None:
        return _over(request)
    with scope(organization), timezone.override(organization.timezone):
        link = link_behind(secret)
        return _over(request) if link is None else _sealed(_answer(request, organization, link))


def _too_often(request: HttpRequest, secret: str) -> bool:
    return int(cache.get(_from(request)) or 0) >= PER_ADDRESS or _count(f"hand-in:of:{digest(secret)}") > PER_LINK


def _from(request: HttpRequest) -> str:
    """The address that calls, by as many proxies as are trusted (ALLAUTH_TRUSTED_PROXY_COUNT)."""
    return f"hand-in:from:{get_adapter().get_client_ip(request)}"


def _count(key: str) -> int:
    """This call's number in its span."""
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1 if cache.add(key, 1, SPAN) else int(cache.incr(key))


def _answer(request: HttpRequest, organization: Organization, link: AskLink) -> HttpResponse:
    day, ask = today(organization.timezone), link.ask
    if not is_waiting(ask) or is_retired(ask):
        return _page(request, organization, link, None, 200)
    if is_longer_than(request, settings.UPLOAD_MAX_BYTES):
        return _page(request, organization, link, AnswerForm(today=day), 422, too_large())
    form = AnswerForm(*sent_with_files(request), today=day)
    if request.method == "POST" and form.is_valid():
        file, asked = form.cleaned_data["file"], form.cleaned_data
        try:
            hand_in(
                ask=ask, content=file.chunks(), filename=file.name, media_type=form.kind.type, first=asked["first"],
                last=asked["last"], note=asked["note"],
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            ask.refresh_from_db()
            return _page(request, organization, link, None, 200)
    return _page(request, organization, link, form, 422 if form.errors else 200)


def _page(
    request: HttpRequest, organization: Organization, link: AskLink, form: AnswerForm | None, status: int, refused: str = ""
) -> HttpResponse:
    context = {
        "host": organization, "ask": link.ask, "form": form, "refused": refused, "today": today(organization.timezone),
        "until": link.expires_at, "retired": is_retired(link.ask),
        "megabytes": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
    }  # fmt: skip
    return render(request, "evidence_requests/door.html", context, status=status)


def _over(request: HttpRequest) -> HttpResponse:
    _count(_from(request))
    return _sealed(render(request, "evidence_requests/door_over.html", status=404))


def _sealed(answer: HttpResponse) -> HttpResponse:
    """Kept by nobody on the way, found by no search, and its address told to no other site."""
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
