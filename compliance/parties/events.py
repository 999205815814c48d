"""What third parties tell the floors above, after the transaction: each carries `organization_id`, and ids only."""

from django.dispatch import Signal

party_changed = Signal()  # organization_id, party_id
