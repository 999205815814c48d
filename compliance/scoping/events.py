"""What this room tells after the transaction: ids only."""

from django.dispatch import Signal

check_list_answered = Signal()  # organization_id
