"""News of this floor. Sent on commit with ids only; receivers read nothing, they call `.delay` (decisions, 4)."""

from django.dispatch import Signal

version_received = Signal()      # organization_id, artefact_id
version_decided = Signal()       # organization_id, artefact_id
freshness_changed = Signal()     # organization_id
requirements_changed = Signal()  # organization_id
run_requested = Signal()         # organization_id, run_id
run_finished = Signal()          # organization_id, run_id, connection_id, kinds (those asked for; None: all)
connection_retired = Signal()  # organization_id, connection_id
judged = Signal()                # organization_id, connection_id
exceptions_changed = Signal()    # organization_id, connection_id
checks_changed = Signal()        # organization_id, check_id
