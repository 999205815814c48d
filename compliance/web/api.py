"""What every endpoint of the API has in common: it finds, guards, calls a service, and answers.

A view says what it reads (`queryset`, `serializer_class`, `filterset_class`), what each action takes (`inputs`) and
gives back where that differs (`outputs`), and the scope that each needs (`scopes`). The schema is drawn from the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import resolve
from rest_framework.exceptions import MethodNotAllowed, NotFound, ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from compliance.access.permissions import Permission

from .api_schema import ApiSchema
from .etags import check_precondition, etag_of, unchanged
from .outside import Outside
from .pagination import PARAMETERS
from .problems import TooLarge

#: What a form adds to its file: boundaries and fields.
_BESIDE_FILE = 64 * 1024
R = TypeVar("R")
STATUSES = {"create": 201, "destroy": 204}


class Endpoint(GenericViewSet):
    """A noun of the API."""

    scopes: ClassVar[Mapping[str, Permission]] = {}
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    inputs: ClassVar[Mapping[str, type[BaseSerializer]]] = {}
    outputs: ClassVar[Mapping[str, type[BaseSerializer]]] = {}
    statuses: ClassVar[Mapping[str, int]] = {}
    schema = ApiSchema()
    metadata_class = None
    lookup_value_converter = "uuid"
    http_method_names = ["get", "head", "post", "patch", "put", "delete"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._refuse_unknown_parameters(request)
        self._refuse_large_bodies(request)

    def check_permissions(self, request: Request) -> None:
        if request.auth is not None and self.action is None:
            raise MethodNotAllowed(request.method or "")
        super().check_permissions(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.setdefault("Cache-Control", "private, no-cache")
        return answer

    def input(self) -> dict[str, Any]:
        """What the call sets, validated. Raises ValidationError, by field."""
        given = self.inputs[self.action](
            data=self.request.data, partial=self.action == "partial_update", context=self.get_serializer_context()
        )
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def shown(self, thing: Any) -> Any:
        """A thing as this action shows it."""
        serializer = self.outputs.get(self.action, self.serializer_class)
        assert serializer is not None
        return serializer(thing, context=self.get_serializer_context()).data

    def read(self, thing: Any) -> Response:
        """One thing with its entity tag, or 304 where the caller holds it already."""
        shown = self.shown(thing)
        tag = etag_of(shown)
        if unchanged(self.request.headers, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(shown, headers={"ETag": tag})

    def answer(self, thing: Any, **headers: str) -> Response:
        """The answer of an action: the thing, and its tag where it is the view's noun."""
        shown = self.shown(thing)
        if self.action not in self.outputs:
            headers["ETag"] = etag_of(shown)
        return Response(shown, self.status_of(self.action), headers=headers)

    def outside(self, call: Callable[[], R], answer: Callable[[R], Response]) -> Outside[R]:
        """Call another system once the room is left, and answer in a room entered anew with what it said."""

        def finished(result: R) -> Response:
            try:
                response = answer(result)
            except Exception as error:  # noqa: BLE001 - as in DRF's dispatch: a problem, or raised again
                response = self.handle_exception(error)
            response = self.finalize_response(self.request, response, *self.args, **self.kwargs)
            return response.render()

        return Outside(call, finished)

    def fresh(self, pk: Any) -> Any:
        """A thing as it now stands, with all that it is shown with."""
        return self.get_queryset().get(pk=pk)

    def found(self) -> Any:
        """The thing of the address, if the caller's `If-Match` still holds; locked from here on where one is given."""
        thing = self.get_object()
        if "If-Match" in self.request.headers:
            self.lock(thing)
            thing = self.fresh(thing.pk)
            shown = self.serializer_class(thing, context=self.get_serializer_context()).data  # type: ignore[misc]
            check_precondition(self.request.headers, shown)
        return thing

    def lock(self, thing: Any) -> None:
        """Keep others from changing it until the transaction ends."""
        type(thing).objects.select_for_update(of=("self",)).get(pk=thing.pk)

    @classmethod
    def status_of(cls, action: str) -> int:
        """The status of an action that went well."""
        return cls.statuses.get(action, STATUSES.get(action, 200))

    def filter_queryset(self, queryset: Any) -> Any:
        """Filters cost nothing where none is asked for: DRF makes all of them, and their form, for every call."""
        filters = getattr(self, "filterset_class", None)
        if filters is not None and not set(filters.base_filters) & set(self.request.query_params):
            return queryset
        return super().filter_queryset(queryset)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        rows: list[Any] | None = super().paginate_queryset(queryset)
        if rows:
            self.furnish(rows)
        return rows

    def furnish(self, rows: list[Any]) -> None:
        """Put beside the rows of a page what they are shown with, where reading it as objects would be dear."""

    def parameters(self) -> set[str]:
        """The query parameters that the action knows."""
        if self.action != "list":
            return set()
        filters = getattr(self, "filterset_class", None)
        return {*PARAMETERS, *(filters.base_filters if filters else ())}

    def _refuse_large_bodies(self, request: Request) -> None:
        """Before a byte of it is read: DRF's parser would take a body of any size into memory."""
        given = request.META.get("CONTENT_LENGTH") or "0"
        files = MultiPartParser in self.parser_classes
        most = settings.UPLOAD_MAX_BYTES + _BESIDE_FILE if files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not given.isdecimal() or int(given) > most:
            raise TooLarge

    def _refuse_unknown_parameters(self, request: Request) -> None:
        unknown = sorted(set(request.query_params) - self.parameters())
        if unknown:
            raise ValidationError({name[:100]: ["There is no such parameter here."] for name in unknown[:20]})
        empty = sorted(name for name, given in request.query_params.lists() if "" in given)
        if empty:
            raise ValidationError({name: ["Give a value, or leave the parameter out."] for name in empty})


def brief(name: str, found: QuerySet[Any], *fields: str) -> Prefetch:
    """What a row refers to, fetched for the rows of a page alone, with no more of it than is shown."""
    return Prefetch(name, found.only(*fields))


class Listed(ListModelMixin):
    """`GET` of the noun: a page of it."""


class Shown:
    """`GET` of one: with its entity tag, and 304 where the caller holds it already."""

    def retrieve(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.read(self.get_object())


class Bytes(JSONRenderer):
    """For what is downloaded: bytes without a meaning. A problem on the way is JSON all the same."""

    media_type = "application/octet-stream"
    format = "bytes"


class Unknown(APIView):
    """Every address below `/api/v1/` that nothing answers."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    metadata_class = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not request.path.endswith("/") and getattr(resolve(f"{request.path}/").func, "cls", None) is not Unknown:
            raise NotFound(f"Addresses here end in a slash: {request.path}/")
        raise NotFound("Nothing answers at this address. /api/v1/docs/ lists what does.")
