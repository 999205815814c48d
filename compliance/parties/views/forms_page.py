"""A page that is one form: found, filled in, handed to one service, and back to where it came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal


def form_page(
    request: PageRequest, form: Form, act: Callable[[dict[str, Any]], object], *, title: str, back: str, said: str,
    lede: str = "", button: str = "Save", crumb: str = "",
) -> HttpResponse:  # fmt: skip
    """Show the form, or do what it asks with its cleaned fields; a refusal comes back beside the field it is about."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, said)
            return redirect(back)
    context = {"form": form, "title": title, "back": back, "lede": lede, "button": button, "crumb": crumb}
    return render(request, "parties/form.html", context, status=422 if form.errors else 200)
