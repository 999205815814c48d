"""The end of an organisation: everything it has goes, for good (decisions, 14)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.storage import Storage, default_storage
from django.db import connection

from compliance.tenancy.checks import tenant_models
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tombstone:
    """What is left: that there was one, and how much went. No name, no address, no content."""

    organization_id: UUID
    deleted_at: datetime
    rows: int
    tables: int
    files: int

    def __str__(self) -> str:
        return (
            f"Organisation {self.organization_id} was deleted at {self.deleted_at:%Y-%m-%dT%H:%M:%SZ}: "
            f"{self.rows} rows of {self.tables} tables, {self.files} files."
        )


def delete_organization(*, organization: Organization) -> Tombstone:
    """Delete every row and every stored file of an organisation. Called outside any room, as the owner of the tables.

    Raises PermissionDenied for the serving role, which may not delete from tables that only grow. Rows go in one
    transaction; files go after it, so that a failure there leaves files without rows, never rows without files: the
    folder that bears the id can then be removed by hand. People's own accounts stay: they may belong elsewhere.
    """
    _refuse_the_serving_role()
    identifier, rows, tables = organization.pk, 0, 0
    with scope(organization), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', 'on', true)")
        for model in reversed(tenant_models()):  # what refers before what is referred to; the keys are deferred anyway
            cursor.execute(
                f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)} WHERE organization_id = %s",  # noqa: S608
                [identifier],
            )
            rows += cursor.rowcount
            tables += cursor.rowcount > 0
        cursor.execute("DELETE FROM tenancy_organization WHERE id = %s", [identifier])
    tombstone = Tombstone(identifier, now(), rows, tables, delete_files(identifier))
    log.warning("%s", tombstone)
    return tombstone


def delete_files(organization_id: UUID) -> int:
    """Delete what is stored in an organisation's folder; returns how many files went."""
    return _delete_below(default_storage, str(organization_id))


def _delete_below(storage: Storage, folder: str) -> int:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return 0
    gone = sum(_delete_below(storage, f"{folder}/{name}") for name in folders if name)
    for name in files:
        storage.delete(f"{folder}/{name}")
    if _has_folders(storage):
        storage.delete(folder)
    return gone + len(files)


def _has_folders(storage: Storage) -> bool:
    """A store on disk has folders of their own to remove; an object store has none."""
    try:
        return bool(storage.path("."))
    except NotImplementedError:
        return False


def _refuse_the_serving_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'trail_entry', 'DELETE')")
        if not cursor.fetchone()[0]:
            raise PermissionDenied("Only the owner of the tables may delete an organisation.")
