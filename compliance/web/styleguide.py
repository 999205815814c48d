"""The living style page: every component in every state, drawn by the same tags and sheets as the product.

Served at `/styleguide/` only while DEBUG is on. What is not on it is not in the product.
"""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from compliance.web.charts.bars import Part
from compliance.web.charts.coverage import Interval
from compliance.web.charts.lamps import Lamp
from compliance.web.charts.scale import Scale
from compliance.web.marks import GLYPHS
from compliance.web.states import LOOKS

YEAR = Scale(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
TODAY = dt.date(2026, 11, 21)
FIELDWORK = Scale(dt.date(2027, 1, 18), dt.date(2027, 2, 26))


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Control’s name", help_text="What is done, in one sentence that can be tested.")
    owner = forms.CharField(label="Owner", required=False)
    due = forms.DateField(label="Due", widget=forms.DateInput(attrs={"type": "date"}))
    cadence = forms.ChoiceField(label="Cadence", choices=[("m", "Monthly"), ("q", "Quarterly")], initial="q")
    why = forms.CharField(
        label="Why the risk can be carried", widget=forms.Textarea, help_text="An auditor reads this."
    )
    tested = forms.MultipleChoiceField(
        label="Tested by",
        choices=[("i", "Inspection"), ("r", "Re-performance"), ("q", "Inquiry, never on its own")],
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.ChoiceField(
        label="Who may see it", choices=[("us", "Only us"), ("a", "The auditor too")], widget=forms.RadioSelect
    )
    external = forms.BooleanField(label="Let the auditor see it", required=False)


class SampleFilter(forms.Form):
    """What a list is filtered by."""

    owner = forms.ChoiceField(label="Owner", choices=[("", "Anyone"), ("none", "Nobody named")], required=False)
    evidence = forms.ChoiceField(
        label="Evidence", choices=[("", "Any state"), ("stale", "Stale"), ("missing", "Missing")], required=False
    )


class SamplePage:
    """A page of a list that is not counted."""

    previous_cursor = None
    next_cursor = "b3BhcXVl"


def styleguide(request: HttpRequest) -> HttpResponse:
    """The style page; 404 outside development."""
    if not settings.DEBUG:
        raise Http404
    failed = SampleForm({"due": "31/11/2026", "cadence": "q", "name": "Access is reviewed every quarter"})
    context = {"form": SampleForm(), "failed": failed, "filter": SampleFilter(request.GET), "page": SamplePage()}
    return render(request, "components/all.html", {**context, **_words(), **_drawings(), **_frame()})


def _frame() -> dict[str, Any]:
    """What the context processor gives a page of an organisation."""
    labels = ["Dashboard", "Scope", "Controls", "Evidence", "Gaps", "Audits", "Connections", "My work", "Settings"]
    counts = {"Gaps": 31, "My work": 6}
    nav = [
        {"key": each.lower(), "label": each, "url": "#", "count": counts.get(each), "current": each == "Controls"}
        for each in labels
    ]
    return {
        "nav": nav,
        "organization": {"name": "Halyard Payments", "slug": "halyard", "is_sample": True},
        "organizations": [{"name": "Halyard Payments", "url": "#", "current": True}],
        "programme": {"label": "SOC 2 Type II, 2026", "url": "#"},
        "programmes": [{"label": "SOC 2 Type II, 2026", "url": "#", "current": True}],
        "chooser_url": "#",
    }


def _words() -> dict[str, Any]:
    return {
        "states": sorted(LOOKS),
        "glyphs": sorted(GLYPHS),
        "moment": dt.datetime(2026, 11, 21, 12, 34, tzinfo=dt.UTC),
        "today": TODAY,
        "sha": "6430b177681451318ea00a3989c0e7827070a3cbaaf6deff94b184f73013535d",
        "facts": [
            {"term": "Observation period", "fact": "1 Jan – 31 Dec 2026", "small": "day 325 of 365"},
            {"term": "Audit window opens", "fact": "18 Jan 2027", "small": "in 58 days"},
            {"term": "As at", "fact": "21 Nov 2026, 12:34 UTC"},
        ],
    }


def _drawings() -> dict[str, Any]:
    readiness = [Part("pass", 42, "ready"), Part("fail", 8, "failing"), Part("missing", 3, "missing")]
    return {
        "scale": YEAR,
        "fieldwork": FIELDWORK,
        "audit_scale": Scale(YEAR.first, FIELDWORK.last),
        "strips": _strips(),
        "readiness": [*readiness, Part("unknown", 4, "unknown"), Part("tocome", 4, "not yet due")],
        "areas": [_area("Logical access", "CC6", 2, 4, 3), _area("System operations", "CC7", 0, 2, 3)],
        "series": _lamps(),
        "weeks": [41, 40, 40, 38, 39, 37, 36, 36, 34, 35, 33, 31],
        "phases": _phases(),
    }


def _area(name: str, series: str, *numbers: int) -> tuple[Any, ...]:
    parts = [Part(tone, number) for tone, number in zip(("fail", "stale", "line"), numbers, strict=True)]
    return name, series, *numbers, parts


def _lamps() -> list[tuple[str, list[Lamp]]]:
    wanted = {
        "CC1": "ready ready stale ready missing",
        "CC6": "ready due_soon fail ready unknown ready ready fail",
        "CC7": "fail ready ready unknown stale",
        "A1": "ready ready accepted ready",
    }
    return [
        (
            series,
            [Lamp(f"{series}-{n:02}", "A control of the series", each, "#") for n, each in enumerate(row.split(), 1)],
        )
        for series, row in wanted.items()
    ]


def _phases() -> list[dict[str, Any]]:
    day = dt.date
    return [
        {"name": "Scoping", "at": Scale(day(2026, 1, 12), day(2026, 2, 13)), "done": day(2026, 2, 13), "state": "done"},
        {
            "name": "Gap assessment",
            "at": Scale(day(2026, 2, 16), day(2026, 4, 30)),
            "done": day(2026, 4, 30),
            "state": "done",
        },
        {"name": "Remediation", "at": Scale(day(2026, 5, 1), day(2026, 11, 30)), "done": TODAY, "state": "in_progress"},
        {"name": "Pre-audit review", "at": Scale(day(2026, 12, 1), day(2027, 1, 15)), "done": None, "state": "to_come"},
        {"name": "Audit support", "at": Scale(day(2027, 1, 18), day(2027, 2, 26)), "done": None, "state": "to_come"},
    ]


def _strips() -> list[tuple[str, str, str, list[Interval]]]:
    months = {4: "late", 7: "missed", 8: "missed", 10: "unknown", 11: "open", 12: "to_come"}
    quarters = {2: "missed", 4: "open"}
    return [
        (
            "AC-07",
            "Quarterly access review",
            "Quarterly",
            [_quarter(n, quarters.get(n, "filled")) for n in range(1, 5)],
        ),
        ("AC-06", "Service key age report", "Monthly", [_month(n, months.get(n, "filled")) for n in range(1, 13)]),
        ("MON-04", "Weekly gap report", "Weekly", [_week(n) for n in range(52)]),
        ("CM-03", "Emergency change reviews", "On event", [_event(n) for n in (40, 44, 180, 233, 301)]),
        (
            "CF-01",
            "Confidential data store list",
            "Quarterly",
            [_quarter(1, "not_in_scope"), *(_quarter(n, "filled") for n in (2, 3)), _quarter(4, "to_come")],
        ),
    ]


def _month(number: int, state: str) -> Interval:
    first = dt.date(2026, number, 1)
    after = dt.date(2026 + number // 12, number % 12 + 1, 1)
    return Interval(first, after - dt.timedelta(days=1), state, f"{first:%b}: {state.replace('_', ' ')}")


def _quarter(number: int, state: str) -> Interval:
    ends = _month(number * 3, state).last
    return Interval(dt.date(2026, number * 3 - 2, 1), ends, state, f"Q{number}: {state.replace('_', ' ')}")


def _week(number: int) -> Interval:
    first = YEAR.first + dt.timedelta(days=7 * number)
    last = first + dt.timedelta(days=6)
    state = "filled" if last < TODAY else ("open" if first <= TODAY else "to_come")
    state = {17: "late", 30: "missed", 38: "unknown"}.get(number, state)
    return Interval(first, last, state, f"{first:%d %b}: {state}")


def _event(days: int) -> Interval:
    at = YEAR.first + dt.timedelta(days=days)
    return Interval(at, at, "event", f"{at:%d %b}: emergency change, reviewed next day")
