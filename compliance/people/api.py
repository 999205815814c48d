"""The organisation, its people and its tokens."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.access.roles import Role
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, WordFilter, filters

from .endpoints import Endpoint
from .models import Membership, Token
from .selectors import tokens
from .serializers import MembershipSerializer, OrganizationSerializer, TokenSerializer
from .services import revoke_token


class OrganizationEndpoint(Endpoint):
    """The organisation that the token belongs to: there is no way to another."""

    noun = "the organisation"
    queryset = Organization.objects.all()
    serializer_class = OrganizationSerializer
    scopes = {"read": Permission.ORGANIZATION_VIEW}

    def retrieve(self, request: Request) -> Response:
        """Read the organisation of the token."""
        return self.read(Organization.objects.get(pk=here().organization_id))


class MembershipFilter(filters.FilterSet):
    role = filters.ChoiceFilter(choices=Role.choices())
    email = WordFilter(lookup_expr="iexact")
    active = FlagFilter(field_name="ended_at", lookup_expr="isnull")


class MembershipEndpoint(Listed, Shown, Endpoint):
    """People who belong, or belonged, to the organisation: whom to name as owner, assignee or contact."""

    noun = "memberships"
    one = "a membership"
    queryset = Membership.objects.all()
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilter
    scopes = {"read": Permission.PEOPLE_VIEW}

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.filter(organization_id=here().organization_id)


class TokenFilter(filters.FilterSet):
    revoked = FlagFilter(field_name="revoked_at", lookup_expr="isnull", exclude=True)


class TokenEndpoint(Listed, Shown, Endpoint):
    """API tokens. They are made and revoked by people; a token cannot make another, and revokes only itself."""

    noun = "tokens"
    one = "a token"
    queryset = Token.objects.all()
    serializer_class = TokenSerializer
    filterset_class = TokenFilter
    scopes = {"read": Permission.PEOPLE_VIEW}

    def get_queryset(self) -> QuerySet[Token]:
        return tokens()


class AnyToken(BasePermission):
    """What a token may know of itself needs no scope."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None


class CurrentTokenEndpoint(Endpoint):
    """The token that calls. It needs no scope for this."""

    noun = "the token in hand"
    queryset = Token.objects.all()
    serializer_class = TokenSerializer
    permission_classes = [AnyToken]

    def retrieve(self, request: Request) -> Response:
        """Read the token that calls."""
        return self.read(self._token())

    def destroy(self, request: Request) -> Response:
        """Revoke the token that calls.

        It is worthless from then on. Whoever finds a token in the wrong place can end it so.
        """
        revoke_token(actor=self.actor, token=self._token())
        return Response(status=204)

    def _token(self) -> Token:
        found: Token = tokens().get(pk=self.request.auth.pk)
        return found
