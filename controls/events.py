"""News of this floor. Sent on commit with ids only; receivers read nothing, they call `.delay` (decisions, 4)."""

from django.dispatch import Signal

control_changed = Signal()  # organization_id, control_id; former_owner_id where it changed hands
