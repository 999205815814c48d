"""The description of the API, as a document and as a page. Open to anyone: it holds nothing of any organisation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .api_reading import Section, problems_of, sections_of

Json = dict[str, Any]


@cache
def description() -> Json:
    """The OpenAPI document. Drawn once in a process: it changes with the code only."""
    drawn: Json = SchemaGenerator().get_schema(request=None, public=True)
    return drawn


@cache
def _sections() -> tuple[Section, ...]:
    return tuple(sections_of(description()))


class PlainJson(JSONRenderer):
    """For who asks for JSON by its plain name."""


class SchemaView(APIView):
    """`GET /api/v1/schema/`: YAML unless `Accept` asks for JSON."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (OpenApiYamlRenderer, OpenApiJsonRenderer, PlainJson)
    metadata_class = None

    def get(self, request: Request) -> Response:
        return Response(description(), headers={"Cache-Control": "public, max-age=300", "Vary": "Accept"})


def docs(request: HttpRequest) -> HttpResponse:
    """`GET /api/v1/docs/`: the same as a page, drawn here; it needs no script."""
    context = {
        "about": description()["info"], "sections": _sections(), "operations": sum(map(len, _sections())),
        "problems": problems_of(description()), "site": settings.SITE_URL,
    }  # fmt: skip
    return render(request, "api/docs.html", context)


def operations() -> Iterator[tuple[str, str, Json]]:
    """Every operation of the API: path, method, and its description."""
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield path, method.upper(), operation
