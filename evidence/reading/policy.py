"""The policy of the table of words, and its index (docs/decisions/0022)."""

from __future__ import annotations

from typing import Any

from compliance.tenancy.operations import _SqlOperation, app_role

_TABLE = "evidence_reading_words"


class SearchedOnly(_SqlOperation):
    """To the serving role a row of the words shows itself only where it holds what `app.search` asks, in this room.

    Under row-level security an index serves a condition only where no function in it could leak a row, and that of full
    text search counts among those that could. The conditions of the policies themselves are exempt: so the question is one.
    """

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [], {}

    def describe(self) -> str:
        return "Words of documents can only be searched"

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f'CREATE INDEX evidence_reading_words_gin ON "{_TABLE}" USING gin (words)')
        role = app_role()
        schema_editor.execute(
            f"""
            DO $do$ BEGIN
              IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN
                CREATE POLICY asked_for ON "{_TABLE}" AS RESTRICTIVE FOR SELECT TO "{role}" USING (
                  words @@ (quote_literal(nullif(current_setting('app.organization_id', true), ''))::tsquery
                            && nullif(current_setting('app.search', true), '')::tsquery)
                );
              END IF;
            END $do$
            """  # noqa: S608 - names of our own
        )
