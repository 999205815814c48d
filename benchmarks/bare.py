"""Fifty controls as a bare DRF answer and as a bare template's table: the same rows, the same database, nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from controls.models import Control

_TABLE = Engine().from_string(
    "<!doctype html><table>{% for c in controls %}<tr><td>{{ c.ref }}</td><td>{{ c.title }}</td><td>{{ c.area }}</td>"
    "<td>{{ c.owner_role }}</td><td>{{ c.get_frequency_display }}</td><td>{{ c.get_implementation_display }}</td>"
    "<td>{{ c.created_at|date:'Y-m-d' }}</td></tr>{% endfor %}</table>"
)


class _Bare(ModelSerializer):
    class Meta:
        model = Control
        fields = [
            "id", "ref", "title", "statement", "area", "owner_role", "frequency", "nature", "kind", "implementation",
            "design", "created_at",
        ]


def _rows(slug: str) -> list[Control]:
    with scope(Organization.objects.get(slug=slug)):
        return list(Control.objects.all()[:50])


@api_view(["GET"])
@authentication_classes([])
@permission_classes([])
@throttle_classes([])
def api(request: Request, slug: str) -> Response:
    return Response({"results": _Bare(_rows(slug), many=True).data})


def page(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(_TABLE.render(Context({"controls": _rows(slug)})))


urlpatterns = [path("api/<slug:slug>/", api), path("page/<slug:slug>/", page)]
