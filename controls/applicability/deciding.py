"""What the ground asks: whether an approved statement decides which annex controls a programme leaves out."""

from __future__ import annotations

from compliance.programmes.models import Programme

from .models import Approval


def statement_decides(programme: Programme) -> str:
    """A sentence where a version of the programme's statement is approved; empty where none is."""
    if programme.has_annex and Approval.objects.filter(version__statement__programme=programme).exists():
        return "The approved statement of applicability decides which Annex controls apply."
    return ""
