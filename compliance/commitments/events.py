"""What the commitments register tells the floors above, after the transaction: ids only."""

from django.dispatch import Signal

commitment_changed = Signal()  # organization_id, commitment_id; also when it is new or withdrawn
