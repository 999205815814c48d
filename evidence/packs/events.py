"""News of packs. Sent on commit with ids only; the receiver reads nothing (decisions, 4)."""

from django.dispatch import Signal

pack_requested = Signal()  # organization_id, pack_id
