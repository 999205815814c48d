"""The description of the API: valid, without a warning, true to the views, and readable by anyone."""

from __future__ import annotations

import re

import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import OpenAPIV30SpecValidator

from compliance.people.idempotency import Idempotent
from compliance.web.api_docs import description, operations
from config.api import router

SCHEMA, DOCS = "/api/v1/schema/", "/api/v1/docs/"
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def parameters(operation: dict, where: str) -> dict[str, dict]:
    return {each["name"]: each for each in operation.get("parameters", []) if each["in"] == where}


def test_it_is_drawn_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


def test_it_is_valid(db):
    OpenAPIV30SpecValidator(description()).validate()


def test_it_is_served_as_yaml_and_as_json(db):
    client = Client()
    plain = client.get(SCHEMA)
    asked = client.get(SCHEMA, headers={"Accept": "application/json"})
    assert plain["Content-Type"].startswith("application/vnd.oai.openapi")
    assert yaml.load(plain.content, Loader=yaml.CSafeLoader) == asked.json() == description()


def test_it_names_how_to_identify_oneself():
    assert description()["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert all(operation["security"] == [{"token": []}] for _, _, operation in operations())


def test_every_operation_has_a_summary_of_its_own():
    summaries = [(operation["tags"][0], operation["summary"]) for _, _, operation in operations()]
    assert all(summary for _, summary in summaries)
    assert len({operation["operationId"] for _, _, operation in operations()}) == len(summaries)


def test_every_write_takes_an_idempotency_key():
    for path, method, operation in operations():
        assert ("Idempotency-Key" in parameters(operation, "header")) == (method in WRITES), (method, path)
    assert all(issubclass(view, Idempotent) for _, view, _ in router.registry if set(view.inputs))


def test_every_change_of_one_thing_takes_its_tag():
    for path, method, operation in operations():
        if method == "PATCH":
            assert "If-Match" in parameters(operation, "header"), path
            assert "412" in operation["responses"], path


def test_every_list_is_paged():
    for path, method, operation in operations():
        schema = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if method == "GET" and schema.get("$ref", "").endswith("List"):
            assert {"cursor", "page_size"} <= set(parameters(operation, "query")), path
            assert "count" not in str(description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"])


def test_problems_are_described_as_such():
    for name, response in description()["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name
    for path, method, operation in operations():
        assert {"400", "401", "403", "404", "429"} <= set(operation["responses"]), (method, path)
        assert ("422" in operation["responses"]) == (method in WRITES), (method, path)


def test_no_secret_can_be_read():
    for name, schema in description()["components"]["schemas"].items():
        words = {field for field, value in schema.get("properties", {}).items() if value.get("type") != "boolean"}
        assert not words & {"secret", "secret_hash", "password", "ciphertext"}, name


def test_it_holds_nothing_of_any_organisation(acme):
    assert b"Acme" not in Client().get(SCHEMA).content
    assert b"Acme" not in Client().get(DOCS).content


def test_the_page_says_everything_and_needs_no_script(db):
    page = Client().get(DOCS)
    text = page.content.decode()
    assert page.status_code == 200
    for path, _, operation in operations():
        assert f'id="{operation["operationId"]}"' in text, path
    assert text.count("<details") >= len(list(operations()))
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=", text)


def test_what_the_documents_call_is_there():
    """Every address of docs/api.md, with its parameters."""
    text = (settings.BASE_DIR / "docs" / "api.md").read_text()
    known = {re.sub(r"{[^}]+}", "{}", path): methods for path, methods in description()["paths"].items()}
    called = re.findall(r"(?:\$FIELDWORK|rows\(\")(/[\w/$-]+/)(\?[\w=&$.-]+)?", text)
    assert len(called) >= 12
    for path, query in called:
        methods = known[f"/api/v1{re.sub(r'[$][A-Z_]+', '{}', path)}"]
        names = {pair.partition("=")[0] for pair in query.removeprefix("?").split("&") if pair}
        assert names <= set(parameters(methods["get"], "query")) if names else True, (path, query)


def test_the_page_is_the_same_to_a_member(mei):
    assert mei.client.get(DOCS).status_code == 200
