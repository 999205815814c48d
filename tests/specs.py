"""The vendors' own descriptions and recordings: where they are, and how a body is held against them.

They lie beside the project, at `../shared/specs` or where `VENDOR_SPECS` says. Without them the tests that need
them are skipped, visibly.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

ROOT = Path(__file__).resolve().parent.parent
SPECS = Path(os.environ.get("VENDOR_SPECS") or ROOT.parent / "shared" / "specs")
GITHUB = SPECS / "github" / "ghec.fixed.json"
OKTA = SPECS / "okta" / "management-minimal.fixed.json"
RECORDED = SPECS / "recorded"

needs_specs = pytest.mark.skipif(not SPECS.is_dir(), reason=f"the vendors' descriptions are not at {SPECS}")

_URI = "urn:description"


class Description:
    """One vendor's OpenAPI 3.0 description, as a judge of response bodies."""

    def __init__(self, path: Path) -> None:
        self.document = json.loads(path.read_text(encoding="utf-8"))
        self._registry: Registry[Any] = Registry().with_resource(_URI, Resource.from_contents(self.document, DRAFT4))
        self._paths = [
            (re.compile(re.sub(r"\\{[^/{}]+\\}", "[^/]+", re.escape(template))), template)
            for template in sorted(self.document["paths"], key=lambda t: t.count("{"))
        ]  # fmt: skip

    def template(self, path: str) -> str:
        """The description's path for a path that was called. KeyError where it knows none."""
        for pattern, template in self._paths:
            if pattern.fullmatch(path):
                return template
        raise KeyError(path)

    def complaints(self, method: str, path: str, status: int, body: Any) -> Iterator[str]:
        """What is wrong with a body by the description; nothing where it declares no schema for that status."""
        operation = f"#/paths/{self.template(path).replace('~', '~0').replace('/', '~1')}/{method.lower()}"
        responses = self.document["paths"][self.template(path)][method.lower()]["responses"]
        response, pointer = responses.get(str(status)), f"{_URI}{operation}/responses/{status}"
        while response and "$ref" in response:
            pointer = f"{_URI}{response['$ref']}"
            response = self._registry.resolver().lookup(pointer).contents
        content = (response or {}).get("content", {})
        if "application/json" not in content:
            return
        schema = {"$ref": f"{pointer}/content/application~1json/schema"}
        for error in OAS30Validator(schema, registry=self._registry).iter_errors(body):
            if error.instance is None and error.schema.get("nullable"):
                continue  # vendors mean null to be allowed where they forget it in an enumeration
            yield f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:200]}"


@cache
def description(path: Path) -> Description:
    """A description, read once."""
    return Description(path)
