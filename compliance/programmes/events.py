"""What happens to programmes, told to the floors above after the transaction; ids only."""

from django.dispatch import Signal

programme_changed = Signal()  # organization_id, programme_id; also when it is new
