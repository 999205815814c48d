"""The scope register and the roster of workers, as the API shows and takes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from compliance.people.models import Membership
from compliance.web.serializers import Choice, Day, Flag, Input, Output, PersonBrief, Reference, Text, Words

from .models import Decision, Kind, ScopeDecision, Service, System, Worker

MOST_WORKERS = 5_000


class SystemBrief(serializers.Serializer):
    """The entry of the scope register, in short."""

    id = serializers.UUIDField()
    ref = serializers.CharField()
    name = serializers.CharField()


class SystemSerializer(Output):
    """One entry of the scope register. An undecided one counts as in scope."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    decision = serializers.ChoiceField(choices=Decision.choices)
    data_classes = serializers.ListField(child=serializers.CharField())
    owner = PersonBrief(allow_null=True)
    services = serializers.SerializerMethodField(help_text="None: it serves them all.")

    class Meta:
        model = System
        fields = [
            "id", "ref", "kind", "name", "external_id", "description", "environment", "data_classes", "vendor", "owner",
            "services", "service_account", "decision", "discovered_by", "first_seen_at", "last_seen_at",
        ]  # fmt: skip

    def get_services(self, row: System) -> list[UUID]:
        return sorted(link.service_id for link in row.service_links.all())


class SystemInput(Input):
    """What a system is. The decision on it is made apart, with its reason."""

    kind = Choice(choices=Kind.choices)
    name = Text(max_length=200)
    external_id = Text(
        max_length=300, allow_blank=True, required=False, help_text="As a collector names it: `github:acme/api`."
    )
    description = Text(max_length=10_000, allow_blank=True, required=False)
    environment = Text(max_length=40, allow_blank=True, required=False)
    data_classes = Words(required=False, help_text="Codes of data classes, shipped or of your own.")
    services = serializers.ListField(
        child=Reference(Service.objects.all()), max_length=60, required=False, help_text="None: it serves them all."
    )
    vendor = Text(max_length=120, allow_blank=True, required=False)
    owner = Reference(Membership.objects.filter(ended_at__isnull=True), allow_null=True, required=False)
    service_account = Flag(required=False)


class DecisionInput(Input):
    """In or out, and why. An auditor reads the reason."""

    decision = Choice(choices=[(value, label) for value, label in Decision.choices if value != Decision.UNDECIDED])
    justification = Text(max_length=10_000)
    effective_on = Day(allow_null=True, required=False, help_text="Where it holds from an earlier day than today.")


class DecisionSerializer(Output):
    """A decision on a system. Later ones do not undo it: they stand beside it."""

    decision = serializers.ChoiceField(choices=Decision.choices)

    class Meta:
        model = ScopeDecision
        fields = ["id", "decision", "justification", "decided_by", "decided_at", "effective_on"]


class WorkerSerializer(Output):
    """A person of the people list. `external_id` is theirs in that list."""

    accounts = serializers.DictField(child=serializers.CharField(allow_null=True))

    class Meta:
        model = Worker
        fields = ["id", "external_id", "name", "email", "team", "start_date", "end_date", "accounts", "source"]


class AccountsInput(Input):
    """Names of a worker's accounts, where the email address does not tell."""

    aws = Text(max_length=200, allow_null=True, allow_blank=True, required=False)
    github = Text(max_length=200, allow_null=True, allow_blank=True, required=False)
    okta = Text(max_length=200, allow_null=True, allow_blank=True, required=False)


class WorkerInput(Input):
    """One worker. What is left out stays as it is known."""

    id = Text(max_length=120, help_text="Theirs in the source; never used again for somebody else.")
    name = Text(max_length=200)
    email = serializers.EmailField(max_length=254)
    team = Text(max_length=120, allow_blank=True, required=False)
    start_date = Day(allow_null=True, required=False)
    end_date = Day(allow_null=True, required=False, help_text="The last day. Only this says that somebody has left.")
    accounts = AccountsInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("start_date") and attrs.get("end_date") and attrs["end_date"] < attrs["start_date"]:
            raise serializers.ValidationError({"end_date": ["The last day is before the first."]})
        return attrs


class RosterInput(Input):
    """The people list of one source, or a part of it."""

    source = Text(max_length=120, help_text="The name of the list: `HR system`.")
    workers = WorkerInput(many=True, allow_empty=False, max_length=MOST_WORKERS)

    def validate_workers(self, workers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        seen: set[str] = set()
        twice = {row["id"] for row in workers if row["id"] in seen or seen.add(row["id"])}  # type: ignore[func-returns-value]
        if twice:
            raise serializers.ValidationError(f"More than once in the list: {', '.join(sorted(twice)[:20])}.")
        return workers


class RecordedSerializer(serializers.Serializer):
    """What a list did. `absent` are known of this source and not in the list; they stay."""

    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    absent = serializers.IntegerField()
