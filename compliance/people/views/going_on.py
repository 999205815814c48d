"""On from where a second factor was asked for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ..asking import forget_way, kept_form
from ..requests import VisitorRequest


@never_cache
@login_required
def go_on(request: VisitorRequest) -> HttpResponse:
    """Straight on to a page; to a form only by another press, since it does something.

    What was written is handed on by the browser, with its method (307): it comes to its page as if it had been sent just now.
    """
    to, form = kept_form(request)
    if form is None or request.method == "POST":
        forget_way(request)
    if form is None:
        return redirect(to or "home")
    if request.method == "POST":
        if "go_on:discard" in request.POST:
            return redirect("home")
        return redirect(to, preserve_request=True)
    fields = [(name, value) for name, values in form.lists() for value in values]
    return render(request, "people/go_on.html", {"to": to, "fields": fields})
