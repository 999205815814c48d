"""News of reports. Sent on commit with ids only; the receiver reads nothing (decisions, 4)."""

from django.dispatch import Signal

report_requested = Signal()  # organization_id, report_id
