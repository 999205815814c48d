"""Forms of organisations, people and tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.text import slugify

from compliance.access.permissions import Permission
from compliance.access.roles import Role

from .models import Membership, User
from .scopes import choices_within

#: What each role is for, as people choose it.
ROLE_NOTES: dict[Role, str] = {
    Role.ADMINISTRATOR: "people, roles, connections and the organisation's settings",
    Role.COMPLIANCE_MANAGER: "runs programmes: scope, controls, evidence, gaps and audits, and brings people in",
    Role.CONTROL_OWNER: "answers for the controls, gaps and requests that are given to them",
    Role.APPROVER: "concludes on design and approves, never what they wrote themselves",
    Role.ADVISER: "works like a compliance manager, from outside, and does not manage people",
    Role.EMPLOYEE: "their own work only; does not see the registers",
}


class MemberField(forms.ModelChoiceField):
    """A member, by name and title."""

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.name}, {obj.title}" if obj.title else obj.name


def role_choices(roles: Iterable[Role] = Role) -> list[tuple[str, str]]:
    """Roles with what each is for."""
    return [(role.value, f"{role.label}: {ROLE_NOTES[role]}") for role in roles]


def timezone_choices() -> list[tuple[str, str]]:
    """UTC, then the places of the time zone database."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class FounderForm(forms.Form):
    """A new organisation and its first member."""

    your_name = forms.CharField(
        label="Your name", max_length=200, help_text="As colleagues and auditors will read it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    name = forms.CharField(
        label="Organisation", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    slug = forms.SlugField(
        label="Its address", max_length=60, required=False,
        help_text="The end of its web address: small letters, digits, hyphens. Left empty, it is made from the name.",
    )  # fmt: skip
    timezone = forms.ChoiceField(
        label="Time zone", initial="UTC", help_text="Days, deadlines and periods are counted in it."
    )
    role = forms.ChoiceField(
        label="Your role", widget=forms.RadioSelect, initial=Role.COMPLIANCE_MANAGER.value,
        choices=role_choices([Role.COMPLIANCE_MANAGER, Role.ADMINISTRATOR]),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = timezone_choices()  # type: ignore[attr-defined]
        if user.name:
            del self.fields["your_name"]

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("slug") and cleaned.get("name") and "slug" not in self.errors:
            cleaned["slug"] = slugify(cleaned["name"])[:60].strip("-")
            if not cleaned["slug"]:
                self.add_error("slug", "Write an address in small Latin letters: none could be made from the name.")
        return cleaned


class AcceptForm(forms.Form):
    """Accepting an invitation; asks for a name where the account has none."""

    your_name = forms.CharField(
        label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.name:
            del self.fields["your_name"]


class InviteForm(forms.Form):
    """An invitation by mail."""

    email = forms.EmailField(
        label="Email address", max_length=254, help_text="The link goes there, and only that address can use it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(label="Name", max_length=200, required=False)
    role = forms.ChoiceField(label="Role", choices=role_choices, widget=forms.RadioSelect)


class MemberForm(forms.Form):
    """A member's role and title."""

    title = forms.CharField(label="Title", max_length=120, required=False, help_text="Such as Head of Platform.")
    role = forms.ChoiceField(label="Role", choices=role_choices, widget=forms.RadioSelect)


class MemberFilter(forms.Form):
    """What the list of members is narrowed by."""

    q = forms.CharField(label="Find", required=False)
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "Any role"), *Role.choices()])


class SettingsForm(forms.Form):
    """The organisation's settings."""

    name = forms.CharField(label="Name", max_length=200)
    timezone = forms.ChoiceField(label="Time zone", help_text="Days, deadlines and periods are counted in it.")
    requires_second_factor = forms.BooleanField(
        label="Everybody needs a second factor", required=False,
        help_text="Whoever has none is led to add one before they can enter.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices, present = timezone_choices(), self.initial.get("timezone", "UTC")
        if present not in dict(choices):
            choices.insert(0, (present, present))
        self.fields["timezone"].choices = choices  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """A new API token. Offers what the person who makes it may do themselves."""

    name = forms.CharField(label="What it is for", max_length=120, help_text="Such as Nightly export to the warehouse.")
    scopes = forms.MultipleChoiceField(label="What it may do", widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label="Lasts", coerce=int, initial=90,
        choices=[(30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "a year, the longest")],
    )  # fmt: skip

    def __init__(self, *args: Any, held: Iterable[Permission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = choices_within(held)  # type: ignore[attr-defined]
        self.fields["scopes"].error_messages["required"] = "Choose at least one: a token without any can do nothing."
