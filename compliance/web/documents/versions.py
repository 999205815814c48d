"""What documents that are kept in versions have in common: how one is stamped, named, compared and approved.

A version has a `number`, its `authors` (ids of members), what it `lacks`, and an `approval` once somebody gave one.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from compliance.tenancy.rooms import here


class CompareForm(forms.Form):
    """Which two are compared; `now` is what stands at present."""

    before = forms.ChoiceField(label="From")
    after = forms.ChoiceField(label="To")

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [(str(number), f"Version {number}") for number in numbers]
        self.fields["before"].choices = kept  # type: ignore[attr-defined]
        self.fields["after"].choices = [("now", "As it stands now"), *kept]  # type: ignore[attr-defined]


def stamp_of(version: Any | None) -> str:
    """What every page says of its standing, None being the draft; empty for an approved version of a real organisation."""
    words = []
    if version is None or not hasattr(version, "approval"):
        words.append("Draft, not approved")
    if here().is_sample:
        words.append("Sample company, simulated clock")
    return " · ".join(words)


def file_name(document: str, version: Any | None) -> str:
    """The name of its file without an ending; `document` is a slug, such as `system-description`."""
    which = f"version-{version.number}" if version else "draft"
    return f"{here().slug}{'-sample' if here().is_sample else ''}-{document}-{which}"


def waits_for(version: Any, member_id: UUID) -> bool:
    """Whether a version could be approved by a member: it lacks nothing, nobody has, and they wrote none of it."""
    return not hasattr(version, "approval") and not version.lacks and str(member_id) not in version.authors


def refusal_to_approve(version: Any, member_id: UUID, *, approved: bool, replaced: bool, again: str) -> str:
    """Why a member may not approve a version; empty where they may. `again` says how a new one is brought about."""
    if approved:
        return "This version is approved already."
    if replaced:
        return "A newer version has replaced this one. Approve that."
    if version.lacks:
        return f"It lacks something, as the list says. Put that right and {again} a new version."
    if str(member_id) in version.authors:
        return "You wrote in it, so somebody else has to approve it."
    return ""
