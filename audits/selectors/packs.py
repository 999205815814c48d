"""Evidence packs beside an audit: what may be shared with its auditors, and what was."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from compliance.programmes.selectors import requirements_in_scope
from controls.models import Mapping
from controls.reach import applies_to
from evidence.packs.models import Pack, PackKind, PackState

from ..models import Audit, SharedPack


def shared_with(audit: Audit) -> QuerySet[SharedPack]:
    """What the auditors of an audit may download, the newest first."""
    return SharedPack.objects.filter(audit=audit).select_related("pack").order_by("-id")


def packs_within(audit: Audit) -> QuerySet[Pack]:
    """Finished packs that reach no further than the audit: of its programme, of a criterion that the programme asks, or of a
    control that meets one; the newest first."""
    programme = audit.programme
    asked = requirements_in_scope(programme).order_by()
    met = Mapping.objects.filter(applies_to(programme, "control"), requirement__in=asked).order_by()
    of_criterion = Q(subject__in=asked.values("pk")) | Q(subject__in=asked.values("parent_id"))
    inside = (
        Q(kind=PackKind.PROGRAMME, subject=programme.pk)
        | Q(of_criterion, kind=PackKind.CRITERION)
        | Q(kind=PackKind.CONTROL, subject__in=met.values("control_id"))
    )
    return Pack.objects.filter(inside, state=PackState.READY).order_by("-id")


def packs_to_share(audit: Audit) -> QuerySet[Pack]:
    """Of these, what its auditors do not have yet."""
    held = SharedPack.objects.filter(audit=audit, pack=OuterRef("pk"))
    return packs_within(audit).exclude(Exists(held))
