"""The figures that the dashboard reads: one row per organisation, rebuilt by events and by the sweep (decisions, 1)."""

from __future__ import annotations

from typing import Any

from django.db import models

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantModel, TenantOneToOne
from compliance.tenancy.rooms import here

from .condensed import drawing_of, summary_of


class Figures(TenantModel):
    """All numbers of the dashboard as they stood at `computed_at`. Shape: audits/readiness/figures.py.

    `summary` and `drawing` follow `figures` at each save (audits/readiness/condensed.py): they are all that a page reads.
    """

    figures = models.JSONField(blank=True, default=dict)
    summary = models.JSONField(blank=True, default=dict, editable=False)
    drawing = models.TextField(blank=True, default="", editable=False)
    computed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_figures_row")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.summary, self.drawing = summary_of(self.figures), drawing_of(self.figures.get("lamps", []), here().slug)
        if (named := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*named, "summary", "drawing"}
        super().save(*args, **kwargs)


class FiguresDay(TenantModel):
    """The headline numbers at the end of a day, so that the page can say what has changed since."""

    day = models.DateField()
    figures = models.JSONField(blank=True, default=dict)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="one_figures_row_per_day")]


class FiguresAtClose(TenantModel):
    """The readiness of a closed programme as it last stood while it ran, at `computed_at`. Shape: audits/readiness/programme.py."""

    programme = TenantOneToOne(Programme, on_delete=models.CASCADE, related_name="+")
    figures = models.JSONField(blank=True, default=dict)
    computed_at = models.DateTimeField()
