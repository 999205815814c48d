"""People and programs: users (global), their memberships, invitations, and API tokens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from compliance.access.permissions import Permission
from compliance.access.roles import Role, permissions_of
from compliance.tenancy.clock import now
from compliance.tenancy.ids import uuid7
from compliance.tenancy.models import TenantKey, TenantModel


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person, once, whatever organisations they belong to (decisions, 9). Global: not a tenant's row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Membership(TenantModel):
    """A person's place in an organisation, with one role. Ended ones stay: the trail and owners refer to them.

    `email` is the account's address as it is verified now (services/addresses.py), `former_emails` those before it, small.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=Role.choices())
    title = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254)
    former_emails = ArrayField(models.EmailField(max_length=254), blank=True, default=list)
    joined_at = models.DateTimeField(default=now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="one_membership_per_person")]
        indexes = [models.Index(fields=["user"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    @property
    def addresses(self) -> set[str]:
        """Every address that this person is known by, in small letters. Reads `user`."""
        return {each.lower() for each in (self.email, self.user.email, *self.former_emails) if each}

    def take_address(self, email: str) -> None:
        """Turn to another address, and keep the one before. The caller saves `email` and `former_emails`."""
        if email.lower() != self.email.lower():
            self.former_emails = list(dict.fromkeys([*self.former_emails, self.email.lower()]))
        self.email = email

    def may(self, permission: Permission) -> bool:
        return self.is_active and permission in permissions_of(self.role)


class Invitation(TenantModel):
    """An invitation by mail. The link carries the organisation's id and a secret; only its SHA-256 is kept."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=24, choices=Role.choices())
    secret_hash = models.CharField(max_length=64)
    invited_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "secret_hash"])]

    def __str__(self) -> str:
        return self.email


class Token(TenantModel):
    """An API token: belongs to one organisation, has scopes (permissions) and an expiry. Only its SHA-256 is kept."""

    name = models.CharField(max_length=120)
    scopes = models.JSONField(blank=True, default=list)
    secret_hash = models.CharField(max_length=64)
    hint = models.CharField(max_length=8)
    created_by = TenantKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "secret_hash"])]

    def __str__(self) -> str:
        return self.name


class IdempotentAnswer(TenantModel):
    """The first answer to a write with an `Idempotency-Key`, given again to the same write for 24 hours."""

    token = TenantKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    headers = models.JSONField(blank=True, default=dict)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "token", "key"], name="one_answer_per_key")]
