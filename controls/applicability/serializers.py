"""Statements of applicability, as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers

from compliance.parties.models import Party
from compliance.people.models import Membership
from compliance.programmes.selectors import programmes
from compliance.web.serializers import Choice, Day, Flag, Input, Output, PersonBrief, Reference, Text, ThingBrief, Whole

from .models import Decision, Doer, Driver, Row, Statement, Version
from .reading import Shown
from .services.climate import LONGEST as LONGEST_CLIMATE
from .services.signing import LONGEST as LONGEST_SIGNATURE
from .services.writing import LONGEST, LONGEST_NOTE


class ApplicabilityStatementSerializer(Output):
    """A statement of applicability. `climate_issue` answers clause 4.1 and `climate_parties` clause 4.2 of ISO/IEC 27001 as
    amended in 2024; null until somebody has determined it."""

    programme = serializers.UUIDField(source="programme_id")

    class Meta:
        model = Statement
        fields = [
            "id", "programme", "climate_issue", "climate_parties", "climate_reason", "climate_by", "climate_at", "created_at",
        ]  # fmt: skip


class StatementInput(Input):
    """The programme whose statement is begun."""

    programme = Reference(programmes())


class ClimateInput(Input):
    """What was determined, and what it rests on."""

    issue = Flag()
    parties = Flag()
    reason = Text(max_length=LONGEST_CLIMATE)


class SubmitInput(Input):
    """A version of what now stands."""

    note = Text(max_length=300, required=False, allow_blank=True)


class AnnexControlBrief(serializers.Serializer):
    """A control of the annex, in short."""

    id = serializers.UUIDField()
    ref = serializers.CharField()
    title = serializers.CharField()
    theme = serializers.CharField()


class ApplicabilityRowSerializer(Output):
    """One control of the annex. `proposed`: undecided, and a mapped control proposes that it is included; it counts as
    neither. `again` says why an exclusion has to be looked at again, `lacks` what is still missing, `in_place` and
    `evidence` how the mapped controls stand."""

    statement = serializers.UUIDField(source="statement_id")
    requirement = serializers.SerializerMethodField()
    decision = serializers.ChoiceField(choices=Decision.choices)
    drivers = serializers.DictField(child=serializers.CharField(), help_text=f"By {', '.join(Driver.values)}: the note.")
    implementation = serializers.ChoiceField(choices=Doer.choices, allow_blank=True)
    owner = PersonBrief(allow_null=True)
    party = serializers.UUIDField(source="party_id", allow_null=True)
    proposed = serializers.SerializerMethodField()
    controls = serializers.SerializerMethodField()
    in_place = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    signed_by = serializers.SerializerMethodField(help_text="Empty where nobody signed the residual risk as it stands.")
    signed_at = serializers.SerializerMethodField()
    again = serializers.SerializerMethodField()
    lacks = serializers.SerializerMethodField()

    class Meta:
        model = Row
        fields = [
            "id", "statement", "requirement", "decision", "drivers", "treatment", "owner", "implementation", "party",
            "scope_reason", "risk_considered", "review_on", "decided_by", "decided_at", "revision", "proposed", "controls",
            "in_place", "evidence", "signed_by", "signed_at", "again", "lacks",
        ]  # fmt: skip

    def _shown(self, row: Row) -> Shown:
        """As it was read with the rest of the page."""
        shown: Shown = row.shown  # type: ignore[attr-defined]
        return shown

    def get_requirement(self, row: Row) -> AnnexControlBrief:
        shown = self._shown(row)
        named: Any = {"id": str(row.requirement_id), "ref": shown.ref, "title": shown.title, "theme": shown.group}
        return named  # type: ignore[no-any-return]

    def get_proposed(self, row: Row) -> bool:
        return self._shown(row).is_proposed

    def get_controls(self, row: Row) -> ThingBrief(many=True):  # type: ignore[valid-type]
        return [{"id": each.id, "ref": each.ref, "title": each.title} for each in self._shown(row).controls]

    def get_in_place(self, row: Row) -> str:
        return self._shown(row).in_place

    def get_evidence(self, row: Row) -> str:
        return self._shown(row).evidence

    def get_signed_by(self, row: Row) -> str:
        return self._shown(row).signed_by

    def get_signed_at(self, row: Row) -> serializers.DateTimeField(allow_null=True):  # type: ignore[valid-type]
        signed = self._shown(row).sign_off
        return serializers.DateTimeField().to_representation(signed.signed_at) if signed else None

    def get_again(self, row: Row) -> list[str]:
        return list(self._shown(row).again)

    def get_lacks(self, row: Row) -> list[str]:
        return [lack.value for lack in self._shown(row).lacks]


class DriversInput(Input):
    """Each driver with the note that says which it is; one with an empty note is left out."""

    risk = Text(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    law = Text(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    contract = Text(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    interested_party = Text(max_length=LONGEST_NOTE, required=False, allow_blank=True)


class RowChange(Input):
    """What a row is to say. `again`: the exclusion was looked at again and stands. `revision`: the one that the change
    began from; a conflict where somebody saved the row since."""

    decision = Choice(choices=Decision.choices)
    drivers = DriversInput()
    treatment = Text(max_length=LONGEST, allow_blank=True)
    owner = Reference(Membership.objects.all(), allow_null=True)
    implementation = Choice(choices=Doer.choices, allow_blank=True)
    party = Reference(Party.objects.all(), allow_null=True)
    scope_reason = Text(max_length=LONGEST, allow_blank=True)
    risk_considered = Text(max_length=LONGEST, allow_blank=True)
    review_on = Day(allow_null=True)
    again = Flag()
    revision = Whole(min_value=0, max_value=2_000_000_000)


class SignInput(Input):
    """What the acceptance of the residual risk rests on. `revision`: the one that the signer read; a conflict where somebody
    saved the row since. Without it `If-Match` has to name what was read."""

    reason = Text(max_length=LONGEST_SIGNATURE)
    revision = Whole(min_value=0, max_value=2_000_000_000, required=False)


class ApplicabilityVersionSerializer(Output):
    """A version as it was submitted. `lacks` says what keeps it from being approved."""

    statement = serializers.UUIDField(source="statement_id")
    rows = serializers.ListField(child=serializers.DictField())
    climate = serializers.DictField()
    lacks = serializers.ListField(child=serializers.CharField())
    approved_by = serializers.SerializerMethodField()
    approved_at = serializers.SerializerMethodField()

    class Meta:
        model = Version
        fields = [
            "id", "statement", "number", "note", "framework", "rows", "climate", "lacks", "submitted_by", "submitted_at",
            "approved_by", "approved_at",
        ]  # fmt: skip

    def get_approved_by(self, row: Version) -> str | None:
        approval = getattr(row, "approval", None)
        return approval.approved_by_label if approval else None

    def get_approved_at(self, row: Version) -> datetime | None:
        approval = getattr(row, "approval", None)
        return approval.approved_at if approval else None
