"""Migration operations that give tenancy to the database: policies, composite keys, tables that only grow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.migrations.operations.base import Operation

ROOM = "nullif(current_setting('app.organization_id', true), '')::uuid"
USER = "nullif(current_setting('app.user_id', true), '')::uuid"
NIL = "'00000000-0000-0000-0000-000000000000'::uuid"


def app_role() -> str:
    """The role that serves; the owner migrates."""
    return str(getattr(settings, "APP_ROLE", "fieldwork_app"))


class _SqlOperation(Operation):
    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in the models."""

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Dropping the table drops its policy; nothing else to undo."""


def _tenant_models(apps: Any, app_label: str) -> list[Any]:
    found = []
    for model in apps.get_app_config(app_label).get_models(include_auto_created=True):
        fields = {field.name: field for field in model._meta.local_fields}
        if "organization" in fields and fields["organization"].related_model._meta.label_lower == "tenancy.organization":
            found.append(model)
    return found


def _is_tenant(model: Any) -> bool:
    return any(
        field.name == "organization" and field.related_model._meta.label_lower == "tenancy.organization"
        for field in model._meta.local_fields
        if field.is_relation
    )


class SecureTenantTables(_SqlOperation):
    """Row-level security and composite foreign keys for every tenant table of an app. Idempotent: put it last in each
    migration that adds a tenant model or a reference.

    `own` names models whose rows a signed-in person may read outside a room when they are theirs (a `user` column);
    `shared` names models whose rows of the reserved organisation everyone may read.
    """

    def __init__(self, app_label: str, own: tuple[str, ...] = (), shared: tuple[str, ...] = ()) -> None:
        self.app_label = app_label
        self.own = tuple(own)
        self.shared = tuple(shared)

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [self.app_label], {"own": self.own, "shared": self.shared}

    def describe(self) -> str:
        return f"Row-level security and composite keys for {self.app_label}"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        models = _tenant_models(to_state.apps, self.app_label)
        for model in models:
            self._policies(schema_editor, model)
            self._identity(schema_editor, model)
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in models:
            for field in model._meta.local_fields:
                if field.is_relation and field.name != "organization" and _is_tenant(field.related_model):
                    self._composite(schema_editor, model, field)

    def _policies(self, editor: Any, model: Any) -> None:
        table = editor.quote_name(model._meta.db_table)
        readable = f"organization_id = {ROOM}"
        if model.__name__ in self.shared:
            readable = f"{readable} OR organization_id = {NIL}"
        if model.__name__ in self.own:
            readable = f"{readable} OR user_id = {USER}"
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS tenant_read ON {table}",
            f"DROP POLICY IF EXISTS tenant_insert ON {table}",
            f"DROP POLICY IF EXISTS tenant_update ON {table}",
            f"DROP POLICY IF EXISTS tenant_delete ON {table}",
            f"CREATE POLICY tenant_read ON {table} FOR SELECT USING ({readable})",
            f"CREATE POLICY tenant_insert ON {table} FOR INSERT WITH CHECK (organization_id = {ROOM})",
            f"CREATE POLICY tenant_update ON {table} FOR UPDATE USING (organization_id = {ROOM}) WITH CHECK (organization_id = {ROOM})",
            f"CREATE POLICY tenant_delete ON {table} FOR DELETE USING (organization_id = {ROOM})",
        ):
            editor.execute(statement)

    def _identity(self, editor: Any, model: Any) -> None:
        _add_constraint(editor, model._meta.db_table, f"{model._meta.db_table}_room", "UNIQUE (organization_id, id)")

    def _composite(self, editor: Any, model: Any, field: Any) -> None:
        target = field.related_model._meta
        owner = "framework_owner_id" if target.app_label == "frameworks" and self.app_label != "frameworks" else "organization_id"
        table = model._meta.db_table
        name = f"{table}_{field.column}_room"
        if len(name) > 63:
            name = f"{table[:28]}_{field.column[:28]}_room"
        _add_constraint(
            editor, table, name,
            f"FOREIGN KEY ({owner}, {editor.quote_name(field.column)}) "
            f"REFERENCES {editor.quote_name(target.db_table)} (organization_id, id) DEFERRABLE INITIALLY DEFERRED",
        )
        if owner == "framework_owner_id":
            _add_constraint(
                editor, table, f"{table}_framework_owner",
                f"CHECK (framework_owner_id = organization_id OR framework_owner_id = {NIL})",
            )


def _add_constraint(editor: Any, table: str, name: str, definition: str) -> None:
    editor.execute(
        f"""
        DO $do$ BEGIN
          IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}' AND conrelid = '"{table}"'::regclass) THEN
            ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition};
          END IF;
        END $do$
        """
    )


class ForEachOrganization(Operation):
    """Run `visit(apps)` in the room of every organisation: under FORCE row-level security the owner sees no rows without
    one either (decisions, 13). Put it last in its migration; what it wrote is held to its references before it ends.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, visit: Callable[[Any], None]) -> None:
        self.visit = visit

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [self.visit], {}

    def describe(self) -> str:
        return f"{self.visit.__name__} in every organisation"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes in the models."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        connection = schema_editor.connection
        organizations = to_state.apps.get_model("tenancy", "Organization").objects.using(connection.alias)
        for pk in list(organizations.exclude(pk=UUID(int=0)).order_by("pk").values_list("pk", flat=True)):
            _enter(connection, str(pk))
            self.visit(to_state.apps)
        _enter(connection, "")
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """What was written goes with its table."""


def _enter(connection: Any, organization_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', %s, true)", [organization_id])


class AppendOnly(_SqlOperation):
    """A table that only grows: the serving role may not update or delete, and a trigger refuses everyone else too,
    save the one owner command that deletes an organisation (it sets `app.erasing` for its transaction; decisions, 14).
    """

    def __init__(self, app_label: str, model: str) -> None:
        self.app_label = app_label
        self.model = model

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [self.app_label, self.model], {}

    def describe(self) -> str:
        return f"{self.app_label}.{self.model} can only grow"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = to_state.apps.get_model(self.app_label, self.model)._meta.db_table
        schema_editor.execute(
            """
            CREATE OR REPLACE FUNCTION fieldwork_only_grows() RETURNS trigger LANGUAGE plpgsql AS $fn$
            BEGIN
              IF TG_OP = 'DELETE' AND current_setting('app.erasing', true) = 'on' THEN RETURN OLD; END IF;
              RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' can only grow', ERRCODE = 'insufficient_privilege';
            END $fn$
            """
        )
        schema_editor.execute(f'DROP TRIGGER IF EXISTS only_grows ON "{table}"')
        schema_editor.execute(
            f'CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION fieldwork_only_grows()'
        )
        schema_editor.execute(
            f"""
            DO $do$ BEGIN
              IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{app_role()}') THEN
                REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{app_role()}";
              END IF;
            END $do$
            """
        )
