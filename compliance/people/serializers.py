"""The organisation, its people and its tokens, as the API shows them. No secret and no hash is among the fields."""

from __future__ import annotations

from rest_framework import serializers

from compliance.access.roles import Role
from compliance.tenancy.models import Organization
from compliance.web.serializers import Output, PersonBrief

from .models import Membership, Token


class OrganizationSerializer(Output):
    """The organisation that the token belongs to."""

    class Meta:
        model = Organization
        fields = ["id", "name", "slug", "timezone", "is_sample", "requires_second_factor", "created_at"]


class MembershipSerializer(Output):
    """A person's place in the organisation. `ended_at` says that they have left."""

    role = serializers.ChoiceField(choices=Role.choices())

    class Meta:
        model = Membership
        fields = ["id", "name", "email", "role", "title", "joined_at", "ended_at"]


class TokenSerializer(Output):
    """An API token; `hint` is the end of its secret, which is kept nowhere."""

    scopes = serializers.ListField(child=serializers.CharField())
    created_by = PersonBrief(allow_null=True)

    class Meta:
        model = Token
        fields = ["id", "name", "hint", "scopes", "created_by", "created_at", "expires_at", "revoked_at", "last_used_at"]
