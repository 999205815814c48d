"""Which paper and how close the rows: a choice of the browser, kept in two cookies; no account, no script needed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

_CHOICES = {"theme": ("light", "dark"), "density": ("close",)}
_YEAR = 365 * 24 * 60 * 60


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the choices that were sent; anything else, the empty choice included, goes back to the system's own."""
    response = HttpResponseRedirect(_back(request))
    for name, allowed in _CHOICES.items():
        chosen = request.POST.get(name)
        if chosen in allowed:
            response.set_cookie(name, chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
        elif chosen is not None:
            response.delete_cookie(name, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    to = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return to if here else "/"
