"""The OpenAPI description, drawn from the views themselves: inputs, outputs, scopes, tags, problems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import BaseRenderer

from compliance.access.drf import needed_scope

from .problems import MEDIA_TYPE
from .serializers import Problem, Text

Json = dict[str, Any]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: Every problem that an operation may answer with: name of its response, and what it means.
PROBLEMS: dict[str, tuple[str, str]] = {
    "400": ("BadRequest", "The request cannot be read, or some fields are wrong; `errors` names them."),
    "401": ("Unauthorized", "No token, or one that is not known, has expired or was revoked."),
    "403": ("Forbidden", "The token does not have the scope, or the deed is not its to do."),
    "404": ("NotFound", "Nothing here has this id; what belongs to another organisation does not exist."),
    "406": ("NotAcceptable", "The answer cannot be had in the form that `Accept` asks for."),
    "409": ("Conflict", "The thing is in no state for this, or a call with the same key is under way."),
    "412": ("PreconditionFailed", "It was changed since the state that `If-Match` names."),
    "413": ("TooLarge", "The request is larger than this service takes."),
    "415": ("UnsupportedMediaType", "The body is in a form that this operation does not read."),
    "422": ("KeyUsedBefore", "The idempotency key was used before, with another request."),
    "429": ("TooManyRequests", "The token has used up its allowance; `Retry-After` says when to come again."),
}
_HEADERS: dict[str, Json] = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "How to identify oneself."}},
    "429": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}},
}


class ApiSchema(AutoSchema):
    """Reads what `compliance.web.api.Endpoint` declares."""

    @property
    def _action(self) -> str:
        return str(getattr(self.view, "action", "") or "")

    @property
    def _writes(self) -> bool:
        return self.method not in _SAFE

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "tag", None) or self._tokenize_path()[0]]

    def get_summary(self) -> str:
        noun = str(getattr(self.view, "noun", self.get_tags()[0]))
        if self._action == "list":
            return f"List {noun}"
        doc = getattr(getattr(self.view, self._action, None), "__doc__", None)
        return f"Read {self.view.one}" if self._action == "retrieve" and hasattr(self.view, "one") else doc.split("\n")[0].rstrip(".")

    def get_description(self) -> str:
        doc = "" if self._action in {"list", "retrieve"} else super().get_description().partition("\n")[2].strip()
        about = (type(self.view).__doc__ or "").strip() if self._action == "list" else doc
        scope = needed_scope(self.view, self.method)
        return f"{about}\n\nScope: `{scope}`".strip() if scope else about

    def get_override_parameters(self) -> list[OpenApiParameter]:
        found = [*getattr(self.view, "extra_parameters", {}).get(self._action, ())]
        if self._tagged:
            found.append(_header("ETag", "The state that was read or written.", response=[200, 201]))
        if self._action == "retrieve" and self._tagged:
            found.append(_header("If-None-Match", "An `ETag` that is held already: 304 where it still holds."))
        if self._writes:
            found.append(_IDEMPOTENCY)
            found.append(_header("Idempotent-Replay", "`true` on an answer that was given before.", response=[200, 201]))
            if self._of_one:
                found.append(_header("If-Match", "The `ETag` that was read: 412 where it was changed since."))
        return found

    @property
    def _of_one(self) -> bool:
        """Whether the operation is on one thing that has a tag."""
        return ":pk>" in self.path_regex and getattr(self.view, "serializer_class", None) is not None

    @property
    def _tagged(self) -> bool:
        named = self._action not in getattr(self.view, "outputs", {}) and self._action not in {"list", "destroy"}
        return named and getattr(self.view, "serializer_class", None) is not None

    def get_request_serializer(self) -> Any:
        """By media type where an action reads several."""
        bodies = getattr(self.view, "request_bodies", {})
        return bodies[self._action] if self._action in bodies else getattr(self.view, "inputs", {}).get(self._action)

    def get_response_serializers(self) -> Any:
        status = str(self.view.status_of(self._action))
        if status == "204":
            return {status: None}
        shown = getattr(self.view, "outputs", {}).get(self._action, getattr(self.view, "serializer_class", None))
        if isinstance(shown, type) and issubclass(shown, BaseRenderer):
            return {(status, shown.media_type): OpenApiTypes.BINARY}
        found: dict[Any, Any] = {status: shown}
        if self._action == "retrieve" and self._tagged:
            found["304"] = None
        return found

    def _get_response_bodies(self, direction: str = "response") -> Json:
        bodies: Json = super()._get_response_bodies(direction)
        self.resolve_serializer(Problem, "response")
        return bodies | {status: {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"} for status in self._problems()}

    def _get_filter_parameters(self) -> list[Json]:
        """Filters, of which none may be empty: one that was left empty by mistake would let everything through."""
        found: list[Json] = super()._get_filter_parameters()
        for parameter in found:
            if parameter["schema"].get("type") == "string" and not {"enum", "format"} & set(parameter["schema"]):
                parameter["schema"] |= {"minLength": 1, "pattern": r"\S"}
        return found

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Json:
        mapped: Json = super()._map_serializer_field(field, direction, bypass_extensions)
        if isinstance(field, Text) and not field.allow_blank:
            mapped |= {"minLength": 1, "pattern": r"\S"}  # white space alone says nothing, and is cut off
        return mapped

    def _problems(self) -> list[str]:
        left_out = set() if self._writes else {"409", "413", "415", "422"}
        if not (self._writes and self._of_one):
            left_out.add("412")
        return [status for status in PROBLEMS if status not in left_out]


def _header(name: str, description: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, **more)


_IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"}, OpenApiParameter.HEADER,
    description="A key of your own for this write. Sent again within 24 hours it gives the first answer and does nothing.",
)


def describe_problems(result: Json, **rest: Any) -> Json:
    """The shared problem responses, put beside the schemas: a hook of the generator."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    result["components"]["responses"] = {
        name: {"description": meaning, "content": {MEDIA_TYPE: schema}, "headers": _HEADERS.get(status, {})}
        for status, (name, meaning) in PROBLEMS.items()
    }
    return result
