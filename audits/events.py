"""News of this floor. Sent on commit with ids only; receivers read nothing, they call `.delay` (decisions, 4)."""

from django.dispatch import Signal

requests_changed = Signal()  # organization_id, audit_id
seat_changed = Signal()      # organization_id, seat_id
audit_changed = Signal()     # organization_id, audit_id
