"""System checks that teach: a tenant model without its policy, or a reference the database would not hold."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import Error, Tags, register
from django.db import connections

from .models import TenantKey, TenantModel, TenantOneToOne


def tenant_models() -> list[type[TenantModel]]:
    """Every concrete model whose rows belong to an organisation."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


@register("tenancy")
def references_are_composite(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A reference between tenant rows has to be a TenantKey."""
    return [
        Error(
            f"{model._meta.label}.{field.name} refers to a tenant row with a plain foreign key.",
            hint="Use TenantKey: plain foreign keys ignore row-level security.",
            id="tenancy.E001",
        )
        for model in tenant_models()
        for field in model._meta.local_fields
        if field.is_relation
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, TenantModel)
        and not isinstance(field, TenantKey | TenantOneToOne)
    ]


@register(Tags.database)
def tables_have_policies(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """Every tenant table that exists has row-level security, forced, with its policies."""
    errors = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                """
                SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relrowsecurity AND c.relforcerowsecurity
                AND (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) >= 4
                """
            )
            secured = {row[0] for row in cursor.fetchall()}
            present = set(connections[alias].introspection.table_names(cursor))
        errors += [
            Error(
                f"{model._meta.label} has no tenant policy.",
                hint=f"End its migration with SecureTenantTables('{model._meta.app_label}').",
                id="tenancy.E002",
            )
            for model in tenant_models()
            if model._meta.db_table in present - secured
        ]
    return errors
