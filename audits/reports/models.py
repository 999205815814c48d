"""Reports are jobs that write files: asked for, made by a worker, kept."""

from __future__ import annotations

from django.db import models

from compliance.tenancy.clock import now
from compliance.tenancy.models import TenantModel


class ReportKind(models.TextChoices):
    READINESS = "readiness", "Readiness report (PDF)"
    MATRIX = "matrix", "Control matrix (XLSX)"
    MATRIX_PAPER = "matrix_paper", "Control matrix (PDF, a paper for each series)"
    GAPS = "gaps", "Gap register (XLSX)"
    COMPLETENESS = "completeness", "Completeness report (PDF)"
    COMPLETENESS_BOOK = "complete_xls", "Completeness report (XLSX)"


class Report(TenantModel):
    """One report. `state`: due, running, ready, failed; `path` is where its file is stored."""

    kind = models.CharField(max_length=12, choices=ReportKind.choices)
    state = models.CharField(max_length=8, default="due", choices=[(s, s) for s in ("due", "running", "ready", "failed")])
    requested_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(default=now, editable=False)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    filename = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
