"""Writing the text of a section: what two people write at once is never lost."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record
from compliance.web.documents.differences import Line, differences
from compliance.web.documents.markdown import LONGEST

from ..models import Description, Section
from ..sections import criteria_for
from ..selectors import SOC2_KINDS


class EditConflict(Exception):
    """Somebody saved the section in between. Carries it as it now stands; nothing was written."""

    def __init__(self, present: Section) -> None:
        super().__init__(f"{present.changed_by} saved this section in the meantime.")
        self.present = present


@transaction.atomic
def description_for(programme: Programme) -> Description:
    """The description of a SOC 2 programme, begun where there is none. An empty one says nothing, so no entry is left.

    Raises ValidationError for any other kind of programme.
    """
    if programme.kind not in SOC2_KINDS:
        raise ValidationError("Only a SOC 2 programme has a system description.")
    return Description.objects.get_or_create(programme=programme)[0]


@transaction.atomic
def write_section(*, actor: Actor, description: Description, key: str, text: str, revision: int) -> Section:
    """Replace the text of a section. `revision` is the one that the writer began from.

    Raises EditConflict where somebody saved it since, and ValidationError for a section that the programme does not have
    or a text that is too long. Nothing is written where nothing differs.
    """
    if key not in {criterion.key for criterion in criteria_for(description.programme)}:
        raise ValidationError("The description of this programme has no such section.")
    if len(text) > LONGEST:
        raise ValidationError({"text": [f"A section holds {LONGEST:,} characters at most."]})
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    Section.objects.get_or_create(description=description, key=key)
    section = Section.objects.select_for_update().get(description=description, key=key)
    if section.revision != revision:
        raise EditConflict(section)
    if section.text == text:
        return section
    changed = differences(section.text.splitlines(), text.splitlines(), around=0)
    section.text, section.revision = text, revision + 1
    section.changed_by, section.changed_at = actor.label[:254], now()
    if actor.membership_id and str(actor.membership_id) not in section.authors:
        section.authors = [*section.authors, str(actor.membership_id)]
    section.save()
    record(
        actor=actor, action="descriptions.section.written", target=section, label=f"{key} of {description}",
        before={"text": _signed(changed, "-")}, after={"text": _signed(changed, "+"), "revision": section.revision},
    )  # fmt: skip
    return section


def _signed(changed: list[Line], sign: str) -> str:
    """The lines that went, or came, as the trail keeps them."""
    return "\n".join(line.text for line in changed if line.sign == sign)[:5_000]
