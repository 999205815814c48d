"""Choosing a request list."""

from __future__ import annotations

from django import forms

from .base import Day, missing


class SheetForm(forms.Form):
    """The file, and the day that lines without a date are due."""

    file = forms.FileField(
        label="Request list",
        help_text="CSV or XLSX, up to 2 MB and 2,000 lines. The first row names the columns.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.tsv,.txt"}),
        error_messages=missing("Choose the file with the list."),
    )
    due_date = Day(label="Due, where a line gives no date")
