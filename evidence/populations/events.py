"""News of populations. Sent on commit with ids only; receivers read nothing, they call `.delay` (decisions, 4)."""

from django.dispatch import Signal

draft_asked = Signal()  # organization_id, draft_id
population_changed = Signal()  # organization_id, population_id
