"""News of requests. Sent on commit with ids only; receivers read nothing, they call `.delay` (decisions, 4)."""

from django.dispatch import Signal

handed_in = Signal()  # organization_id, ask_id
