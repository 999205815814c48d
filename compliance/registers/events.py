"""What the registers tell the floors above, after the transaction: each carries `organization_id`, and ids only."""

from django.dispatch import Signal

system_discovered = Signal()  # organization_id, system_id
system_changed = Signal()  # organization_id, system_id
landscape_changed = Signal()  # organization_id: of services and flows
scope_decided = Signal()  # organization_id, system_ids
workers_recorded = Signal()  # organization_id
