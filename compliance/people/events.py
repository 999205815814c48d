"""What happens to people, told to the floors above after the transaction; ids only."""

from django.dispatch import Signal

membership_began = Signal()  # organization_id, membership_id
membership_ended = Signal()  # organization_id, membership_id
