"""News of reviews. Sent on commit with ids only; receivers read nothing, they call `.delay` (decisions, 4)."""

from django.dispatch import Signal

exception_reported = Signal()  # organization_id, review_id
