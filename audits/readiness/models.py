"""The figures that the dashboard reads: one row per organisation, rebuilt by events and by the sweep (decisions, 1)."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantModel


class Figures(TenantModel):
    """All numbers of the dashboard as they stood at `computed_at`. Shape: audits/readiness/figures.py."""

    figures = models.JSONField(blank=True, default=dict)
    computed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_figures_row")]


class FiguresDay(TenantModel):
    """The headline numbers at the end of a day, so that the page can say what has changed since."""

    day = models.DateField()
    figures = models.JSONField(blank=True, default=dict)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="one_figures_row_per_day")]
