"""The people list that accounts are held against, and its import in two steps."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from compliance.web.sent import sent_with_files

from .. import roster, selectors, services
from ..forms import RosterFileForm, WorkerFilter

SOURCE = "CSV import"
_SHOWN = 20
_MOST_BYTES = 5 * 1024 * 1024


@requires(Permission.SCOPE_VIEW)
def workers(request: PageRequest, organization: str) -> HttpResponse:
    """Everybody who works, or worked, here; by name."""
    chosen = WorkerFilter(request.GET)
    chosen.is_valid()
    asked = chosen.cleaned_data
    found = selectors.workers(text=asked.get("q", "").strip(), only=asked.get("only", ""))
    page = keyset_page(found, order=("name", "id"), cursor=request.GET.get("cursor", ""))
    context = {
        "filter": chosen, "page": page, "filtered": any(asked.values()), "today": today(request.organization.timezone)
    }
    return render(request, "registers/workers.html", context)


@requires(Permission.SCOPE_VIEW)
def export(request: PageRequest, organization: str) -> HttpResponse:
    """The people list as CSV, in the columns that the import reads."""
    answer = HttpResponse(roster.write(selectors.workers()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="workers.csv"'
    return answer


@requires(Permission.SCOPE_CHANGE)
def look_through(request: PageRequest, organization: str) -> HttpResponse:
    """First step: choose a file, and see what it would do and what is wrong with it. Nothing is written."""
    form = RosterFileForm(*sent_with_files(request))
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "columns": roster.COLUMNS}
        return render(request, "registers/import.html", context, status=422 if form.errors else 200)
    file = form.cleaned_data["file"]
    try:
        if file.size > _MOST_BYTES:
            raise ValueError("The file is larger than 5 MB. Split it.")
        text = roster.decode(file.read())
    except ValueError as error:
        form.add_error("file", str(error))
        return render(request, "registers/import.html", {"form": form, "columns": roster.COLUMNS}, status=422)
    return _preview(request, text, status=200)


@requires(Permission.SCOPE_CHANGE)
def take_over(request: PageRequest, organization: str) -> HttpResponse:
    """Second step: the text that was looked through is read again and recorded. With a fault nothing is written."""
    if request.method != "POST":
        return redirect("registers:look_through", organization)
    text = request.POST.get("text", "")
    read = roster.read(text)
    if read.faults or not read.rows:
        return _preview(request, text, status=422)
    done = services.record_workers(actor=request.actor, rows=read.rows, source=SOURCE)
    messages.success(
        request, f"{done.added} added, {done.changed} changed, {done.unchanged} as they were. "
        f"{done.absent} of earlier lists are not in this one and stay as they are.",
    )  # fmt: skip
    return redirect("registers:workers", organization)


def _preview(request: PageRequest, text: str, *, status: int) -> HttpResponse:
    read = roster.read(text)
    context = {
        "text": text, "rows": read.rows[:_SHOWN], "count": len(read.rows), "faults": read.faults[:200],
        "fault_count": len(read.faults), "ignored": read.ignored, "may_take_over": bool(read.rows) and not read.faults,
    }  # fmt: skip
    return render(request, "registers/preview.html", context, status=status)
