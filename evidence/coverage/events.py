"""News of coverage. Sent on commit with ids only."""

from django.dispatch import Signal

coverage_changed = Signal()   # organization_id
tolerance_changed = Signal()  # organization_id, programme_id
