"""News of access reviews. Sent on commit with ids only; receivers read nothing, they call `.delay` (decisions, 4)."""

from django.dispatch import Signal

campaign_completed = Signal()  # organization_id, campaign_id
