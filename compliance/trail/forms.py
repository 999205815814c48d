"""The filters of the trail."""

from __future__ import annotations

from django import forms

from compliance.web.day_field import DayField


class TrailFilter(forms.Form):
    """What the trail is narrowed by; everything is optional."""

    who = forms.CharField(label="Who", required=False)
    action = forms.CharField(label="Action", required=False)
    about = forms.CharField(label="About", required=False)
    target = forms.UUIDField(label="One thing", required=False, widget=forms.HiddenInput)
    since = DayField("From", required=False)
    until = DayField("To", required=False)
