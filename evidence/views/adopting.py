"""Adopting the starter set in four steps: which controls, whose they are, since when, and a look before they are made.

Every button of a step saves what stands on it, so that no way from one to another loses anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.requests import PageRequest
from compliance.people.selectors import members_who_may
from compliance.web.sent import sent
from controls.models import AdoptionDraft, Frequency
from controls.starter.reading import StarterControl

from ..adoption.forms import ChooseForm, DatesForm, OwnersForm
from ..adoption.offer import Family, family_of, groups_of, offer, reached_by
from ..adoption.plan import Plan
from ..services.adopt import SET, adopt_starter_set, drop_draft, keep_draft

#: A step by its name, its page, and what it is called.
STEPS = {
    "choose": ("evidence:adopt", "Which controls"), "owners": ("evidence:adopt_owners", "Who owns them"),
    "dates": ("evidence:adopt_dates", "Since when"), "look": ("evidence:adopt_look", "Look over and adopt"),
}  # fmt: skip
_ORDERS = {"role": lambda control: (control.owner_role, control.ref), "ref": lambda control: (control.ref,)}


@dataclass
class Desk:
    """An adoption as it lies on the desk: what is offered, what was chosen, by whom it was saved."""

    families: list[Family]
    plan: Plan
    draft: AdoptionDraft | None

    @cached_property
    def offered(self) -> list[StarterControl]:
        return [control for family in self.families for control in family.controls]

    @cached_property
    def chosen(self) -> list[StarterControl]:
        return [control for control in self.offered if control.ref in self.plan.refs]

    @cached_property
    def people(self) -> dict[str, Membership]:
        return {str(each.pk): each for each in members_who_may(Permission.EVIDENCE_PROVIDE_OWN)}

    @cached_property
    def roles(self) -> Counter[str]:
        counted = Counter(control.owner_role for control in self.chosen)
        return Counter(dict(sorted(counted.items())))

    @cached_property
    def chosen_families(self) -> list[Family]:
        found = [
            Family(each.key, each.area, [c for c in each.controls if c.ref in self.plan.refs], each.there) for each in self.families
        ]
        return [family for family in found if family.controls]

    def rows(self, sort: str = "ref") -> list[dict[str, Any]]:
        """Each chosen control with what the plan says of it."""
        return [
            {
                "control": each, "owner": self.people.get(self.plan.owner_of(each)), "own_owner": each.ref in self.plan.owners,
                "start": self.plan.starts_on(each.ref), "own_start": each.ref in self.plan.starts,
                "state": self.plan.state_of(each.ref), "own_state": each.ref in self.plan.states,
                "family": family_of(each.ref),
            }
            for each in sorted(self.chosen, key=_ORDERS.get(sort, _ORDERS["ref"]))
        ]  # fmt: skip


def _desk() -> Desk:
    families = offer()
    draft = AdoptionDraft.objects.filter(name=SET).first()
    refs = [control.ref for family in families for control in family.controls]
    return Desk(families, Plan.read(draft.choices if draft else {}, refs), draft)


@requires(Permission.CONTROL_CHANGE)
def choose(request: PageRequest, organization: str) -> HttpResponse:
    """Which controls, with what each brings and what they reach together."""
    desk = _desk()
    form = ChooseForm(sent(request), families=desk.families)
    family, _, how = request.POST.get("go", "").partition(":")
    if request.method == "POST" and how in {"all", "none"}:
        ticked = set(request.POST.getlist("refs")) & {control.ref for control in desk.offered}
        own = {control.ref for control in desk.offered if family_of(control.ref) == family}
        desk.plan.refs = ticked | own if how == "all" else ticked - own
        return _saved(request, desk, "choose")
    if request.method == "POST" and form.is_valid():
        form.apply(desk.plan)
        return _saved(request, desk, request.POST.get("go", "owners"))
    ticked = set(request.POST.getlist("refs")) if request.method == "POST" else desk.plan.refs
    rows = [
        (each, [(c, Frequency(c.frequency).label, groups_of(c), c.ref in ticked) for c in each.controls]) for each in desk.families
    ]
    return _page(request, "choose", desk, form, rows=rows, reached=reached_by(desk.chosen))


@requires(Permission.CONTROL_CHANGE)
def owners(request: PageRequest, organization: str) -> HttpResponse:
    """A person for each role, and others for single controls."""
    desk = _desk()
    form = OwnersForm(sent(request), ticks=_ticks(request, desk), roles=desk.roles, plan=desk.plan, people=desk.people)
    return _step(request, "owners", desk, form)


@requires(Permission.CONTROL_CHANGE)
def dates(request: PageRequest, organization: str) -> HttpResponse:
    """Since when they operate and how things stand: for all, by family, by control."""
    desk = _desk()
    form = DatesForm(sent(request), ticks=_ticks(request, desk), families=desk.chosen_families, plan=desk.plan)
    return _step(request, "dates", desk, form)


@requires(Permission.CONTROL_CHANGE)
def look(request: PageRequest, organization: str) -> HttpResponse:
    """All that would be made; one press makes it."""
    desk = _desk()
    go = request.POST.get("go", "")
    if request.method == "POST" and go in STEPS:
        return redirect(STEPS[go][0], organization)
    if request.method == "POST" and desk.chosen:
        terms = desk.plan.terms(desk.chosen, desk.people)
        adopted = adopt_starter_set(actor=request.actor, only=set(terms), terms=terms)
        drop_draft(actor=request.actor)
        things = "1 control was" if len(adopted) == 1 else f"{len(adopted)} controls were"
        messages.success(request, f"{things} adopted, with what each has to show. Below is what remains to be said of them.")
        return redirect("controls:remaining", organization)
    rows = desk.rows()
    sums = {
        "evidence": sum(len(control.evidence) for control in desk.chosen),
        "unowned": sum(row["owner"] is None for row in rows), "undated": sum(row["start"] is None for row in rows),
        "states": [(state, number) for state, number in sorted(Counter(row["state"] for row in rows).items())],
    }  # fmt: skip
    by_family = [(each, [row for row in rows if row["family"] == each.key]) for each in desk.chosen_families]
    return _page(request, "look", desk, None, rows=by_family, sums=sums, reached=reached_by(desk.chosen))


@require_POST
@requires(Permission.CONTROL_CHANGE)
def discard(request: PageRequest, organization: str) -> HttpResponse:
    """Throw away what was chosen so far."""
    drop_draft(actor=request.actor)
    messages.success(request, "What was chosen is thrown away. Nothing was adopted.")
    return redirect("evidence:adopt", organization)


def _ticks(request: PageRequest, desk: Desk) -> list[str]:
    return [ref for ref in dict.fromkeys(request.POST.getlist("ticks")) if ref in desk.plan.refs]


def _step(request: PageRequest, step: str, desk: Desk, form: OwnersForm | DatesForm) -> HttpResponse:
    """Save and go where the button leads; `give` and `forget` stay, and so does a form that was refused."""
    go = request.POST.get("go", "")
    form.act = go if go in {"give", "forget"} else ""
    sort = request.GET.get("sort", "role" if step == "owners" else "ref")
    if request.method == "POST" and form.is_valid():
        form.apply(desk.plan)
        if go in STEPS:
            return _saved(request, desk, go)
        by = go.removeprefix("sort:") if go.startswith("sort:") else request.GET.get("sort", "")
        return _saved(request, desk, step, by if by in _ORDERS else "")
    return _page(request, step, desk, form, rows=desk.rows(sort), sort=sort, ticks=set(form.ticks))


def _saved(request: PageRequest, desk: Desk, to: str, sort: str = "") -> HttpResponse:
    keep_draft(actor=request.actor, choices=desk.plan.as_choices())
    page = reverse(STEPS.get(to, STEPS["choose"])[0], args=[request.organization.slug])
    return redirect(f"{page}?sort={sort}" if sort else page)


def _page(request: PageRequest, step: str, desk: Desk, form: Any, **context: Any) -> HttpResponse:
    """A step; once nothing is left to adopt, each of them says so."""
    refused = bool(form is not None and form.errors)
    names = list(STEPS)
    at = names.index(step)
    context |= {
        "form": form, "desk": desk, "step": step, "steps": [(name, STEPS[name][1]) for name in names],
        "before": names[at - 1] if at else "", "after": names[at + 1] if at + 1 < len(names) else "", "left": len(desk.offered),
    }  # fmt: skip
    return render(request, f"evidence/adopt/{step}.html", context, status=422 if refused else 200)
