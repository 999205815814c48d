"""Saving a view, changing what it is called and who sees it, choosing one to begin with, removing one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.access.roles import permissions_of
from compliance.people.models import Membership
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from .models import DefaultView, SavedView
from .queries import MOST, kept_of


@transaction.atomic
def save_view(*, actor: Actor, member: Membership, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep what an address shows under a name. A name that the person has used holds the new query from now on.

    Raises ValidationError by field, PermissionDenied where a view is shared by somebody who may not change controls.
    """
    name, query = _named(name), kept_of(query)
    if len(query) > MOST:
        raise ValidationError({"name": "This is narrowed by more than a view can hold."})
    _may_share(member, shared)
    view = SavedView.objects.select_for_update(of=("self",)).filter(owner=member, name=name).first()
    if view is None:
        view = SavedView.objects.create(owner=member, name=name, query=query, shared=shared)
        record(actor=actor, action="controls.view.saved", target=view, after=_told(view))
        return view
    return _changed(actor, view, query=query, shared=shared)


@transaction.atomic
def change_view(*, actor: Actor, member: Membership, view: SavedView, name: str, shared: bool) -> SavedView:
    """Give a view another name, or share it or not. Raises PermissionDenied where it is another's, ValidationError by field."""
    view = _held(member, view)
    name = _named(name)
    _may_share(member, shared and not view.shared)
    if SavedView.objects.filter(owner_id=view.owner_id, name=name).exclude(pk=view.pk).exists():
        raise ValidationError({"name": "There is a view of this name already."})
    return _changed(actor, view, name=name, shared=shared)


@transaction.atomic
def remove_view(*, actor: Actor, member: Membership, view: SavedView) -> None:
    """Remove a view; whoever began with it begins with everything. Raises PermissionDenied where it is another's."""
    view = _held(member, view)
    record(actor=actor, action="controls.view.removed", target=view, before=_told(view))
    view.delete()


@transaction.atomic
def begin_with(*, actor: Actor, member: Membership, view: SavedView | None) -> None:
    """Choose the view that a person's matrix opens with; None opens it with everything. Raises PermissionDenied for a view
    that they may not use."""
    if view is not None and view.owner_id != member.pk and not view.shared:
        raise PermissionDenied("This view is another person's own.")
    chosen = DefaultView.objects.select_for_update(of=("self",)).filter(member=member).first()
    before = chosen.view if chosen else None
    if (view and view.pk) == (before and before.pk):
        return
    if view is None:
        DefaultView.objects.filter(member=member).delete()
    else:
        DefaultView.objects.update_or_create(member=member, defaults={"view": view})
    record(
        actor=actor, action="controls.view.chosen", target=member,
        before={"begins_with": before.name if before else "everything"},
        after={"begins_with": view.name if view else "everything"},
    )  # fmt: skip


def _changed(actor: Actor, view: SavedView, **new: object) -> SavedView:
    before, after = changes(view, new)
    if after:
        for name, value in after.items():
            setattr(view, name, value)
        view.save(update_fields=list(after))
        record(actor=actor, action="controls.view.changed", target=view, before=before, after=after)
    return view


def _held(member: Membership, view: SavedView) -> SavedView:
    """The view under a row lock, for its owner; a shared one for everybody who may change controls, since its owner may leave."""
    view = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    if view.owner_id != member.pk and not (view.shared and _changes_controls(member)):
        raise PermissionDenied("This view is another person's own.")
    return view


def _may_share(member: Membership, shared: bool) -> None:
    if shared and not _changes_controls(member):
        raise PermissionDenied("Your role keeps views for yourself.")


def _changes_controls(member: Membership) -> bool:
    return Permission.CONTROL_CHANGE in permissions_of(member.role)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": "Give it a name."})
    if len(name) > 80:
        raise ValidationError({"name": "A name has at most 80 characters."})
    return name


def _told(view: SavedView) -> dict[str, object]:
    return {"name": view.name, "query": view.query, "shared": view.shared}
