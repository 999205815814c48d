"""The filters of the trail."""

from __future__ import annotations

from django import forms

_DAY = forms.DateInput(attrs={"type": "date"})


class TrailFilter(forms.Form):
    """What the trail is narrowed by; everything is optional."""

    who = forms.CharField(label="Who", required=False)
    action = forms.CharField(label="Action", required=False)
    about = forms.CharField(label="About", required=False)
    target = forms.UUIDField(label="One thing", required=False, widget=forms.HiddenInput)
    since = forms.DateField(label="From", required=False, widget=_DAY)
    until = forms.DateField(label="To", required=False, widget=_DAY)
