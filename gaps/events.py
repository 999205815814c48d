"""News of this floor, on commit, ids only."""

from django.dispatch import Signal

gaps_changed = Signal()  # organization_id
