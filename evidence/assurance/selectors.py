"""Reading which evidence is a third party's report or letter."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Q

from compliance.parties.models import Party

from .models import PartyPaper


def papers_of(party: Party) -> dict[Any, list[PartyPaper]]:
    """The stored files of a party's reports and letters, newest first, by the id of the report or letter."""
    found = PartyPaper.objects.filter(Q(report__party=party) | Q(letter__party=party))
    by_paper: dict[Any, list[PartyPaper]] = defaultdict(list)
    for each in found.select_related("version__artefact").order_by("-id"):
        by_paper[each.report_id or each.letter_id].append(each)
    return by_paper
