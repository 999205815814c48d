"""Evidence packs."""

from __future__ import annotations

from django.http import FileResponse
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Bytes, Listed, Shown
from compliance.web.api_filters import IdFilter, filters

from .handing_out import zip_of
from .models import Pack, PackKind, PackState
from .serializers import PackInput, PackSerializer
from .services import request_pack
from .subjects import NoSubject, subject_of


class PackFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=PackKind.choices)
    subject = IdFilter(field_name="subject")
    state = filters.ChoiceFilter(choices=PackState.choices)


class PackEndpoint(Listed, Shown, Endpoint):
    """Evidence packs, newest first: each a zip that proves itself offline."""

    noun = "evidence packs"
    one = "an evidence pack"
    queryset = Pack.objects.all()
    serializer_class = PackSerializer
    filterset_class = PackFilter
    scopes = {"read": Permission.PACK_VIEW, "write": Permission.PACK_MAKE}
    inputs = {"create": PackInput}
    outputs = {"content": Bytes}
    statuses = {"create": 202}

    def create(self, request: Request) -> Response:
        """Ask for a pack.

        A worker takes it up; `/packs/{id}/` tells how far it is. Where one of the same waits already, that one is given back.
        """
        given = self.input()
        try:
            subject = subject_of(given["kind"], given["subject"])
        except NoSubject:
            raise NotFound("There is nothing here with this id.") from None
        pack = request_pack(actor=self.actor, subject=subject)
        return self.answer(self.fresh(pack.pk))

    @action(detail=True, methods=["get"], renderer_classes=[Bytes])
    def content(self, request: Request, pk: str) -> FileResponse:
        """Download the zip of a ready pack. It leaves a trail entry."""
        pack = Pack.objects.get(pk=self.get_object().pk)
        if pack.state != PackState.READY:
            raise NotFound("This pack is not ready.")
        try:
            return zip_of(pack, actor=self.actor, media_type=Bytes.media_type)
        except FileNotFoundError:
            raise NotFound("The file of this pack is not in the store. Ask for it again.") from None
