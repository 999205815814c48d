"""Facts that a company's own programs push."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.outside import Outside
from compliance.web.problems import Conflict, TooLarge

from .models import Connection, Snapshot
from .parsers import LINES, DocumentParser, LinesParser, tells_by_query
from .push.fitting import UnfitError
from .push.ocsf import newest, rows_of_events
from .push.streams import MOST_BYTES, RowError, sent_rows
from .serializers_of_facts import FORMS, PushDocument, PushHead, PushSerializer
from .services.push import Push, StaleError, push_facts
from .services.refuse import note_refusal

_FINDINGS = "push.findings"
#: Answers that refuse what was sent; who may not push at all, or too often, is told so and no more.
_REFUSED = {400, 404, 409, 413, 415, 422}
#: Of these the body was too large to read, or of a type that nothing here reads.
_UNREAD = {413, 415}
_HEAD = ("source", "kind", "as_of", "complete", "format")


def _told(name: str, description: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, more.pop("type", str), OpenApiParameter.QUERY, description=description, **more)


class FactEndpoint(Endpoint):
    """Facts of a source without an API, pushed by a program of one's own."""

    noun = "facts"
    serializer_class = PushSerializer
    parser_classes = (DocumentParser, LinesParser)
    scopes = {"write": Permission.FACT_PUSH}
    inputs = {"create": PushDocument}
    outputs = {"create": PushSerializer}
    request_bodies = {"create": {"application/json": PushDocument, LINES: OpenApiTypes.STR}}
    extra_parameters = {"create": (
        _told("source", "With this in the query the body is rows alone: a JSON array or JSON Lines. The source's slug."),
        _told("kind", "As in the document, where the body is rows alone."),
        _told("as_of", "As in the document, where the body is rows alone.", type=OpenApiTypes.DATETIME),
        _told("complete", "As in the document, where the body is rows alone.", type=bool),
        _told("format", "As in the document, where the body is rows alone.", enum=[name for name, _ in FORMS]),
    )}  # fmt: skip

    def create(self, request: Request) -> Response:
        """Push facts.

        All rows are taken in or none. The rows' schema is at `/fact-kinds/{kind}/schema/`; a row that does not fit is named
        under `errors.rows` by its index and the JSON pointer of what is wrong. Up to 10 MB are one document; up to 64 MB
        and 100,000 rows may be sent as rows alone, JSON array or JSON Lines, with the rest in the query. With `format=ocsf`
        the rows are OCSF Detection Findings (class 2004), as Prowler writes them.
        """
        asked, rows = self._asked()
        connection = Connection.objects.filter(slug=asked["source"]).first()
        if connection is None:
            said = "No source is called so. Make one under Connections: a source without an API."
            raise ValidationError({"source": [ErrorDetail(said, "does_not_exist")]})
        push = Push(
            kind=asked["kind"], as_of=asked["as_of"], complete=asked["complete"], way="push", form=asked["format"],
            by=f"token {self.actor.label}", origin=_origin(request),
        )
        try:
            run = push_facts(actor=self.actor, member=self.maker(), connection=connection, push=push, rows=rows)
        except UnfitError as unfit:
            raise ValidationError({"rows": _by_row(unfit)}) from None
        except StaleError as stale:
            raise Conflict(" ".join(stale.messages)) from None
        return self.answer(_kept(run.pk, push))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """A push that is refused is written nowhere but in the answer, which a program reads and nobody sees. So what was
        wrong is kept once the room is left: the refusal has taken back all that was written in it."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.action != "create" or answer.status_code not in _REFUSED:
            return answer
        read = answer.status_code not in _UNREAD
        source, kind = self._said("source", read), self._said("kind", read)

        def noted(_: None) -> Response:
            note_refusal(
                actor=self.actor, source=source, kind=kind, origin=_origin(request), status=answer.status_code, problem=answer.data
            )
            return answer.render()

        return Outside(lambda: None, noted)

    def _said(self, name: str, read: bool) -> Any:
        """What a push says of itself, whether or not it can be taken; of a body that was not read nothing."""
        if name in self.request.query_params:
            return self.request.query_params[name]
        body = self.request.data if read else None
        return body.get(name) if isinstance(body, dict) else None

    def _asked(self) -> tuple[dict[str, Any], Iterable[tuple[int, Any]]]:
        """What is pushed, and its rows as they will be read."""
        body = self.request.data
        sent = body.get("rows", ()) if isinstance(body, dict) else ()  # nothing at all is a list without rows
        if tells_by_query(self.request):
            head = PushHead(data=_query(self.request))
            head.is_valid(raise_exception=True)
            asked = dict(head.validated_data)
        elif isinstance(sent, UploadedFile) or self.request.query_params:
            raise ValidationError({"source": ["Say in the query what the rows are: source, kind, as_of, complete."]})
        else:
            asked = self.input()
            sent = asked.pop("rows")
        return _completed(asked, sent)

    def parameters(self) -> set[str]:
        return set(_HEAD) if self.action == "create" else super().parameters()

    def _refuse_large_bodies(self, request: Request) -> None:
        """Rows alone are spooled, so more of them may come than of a document."""
        if not (tells_by_query(request) or (request.content_type or "").startswith(LINES)):
            return super()._refuse_large_bodies(request)
        given = request.META.get("CONTENT_LENGTH") or "0"
        if not given.isdecimal() or int(given) > MOST_BYTES:
            raise TooLarge
        return None


def _query(request: Request) -> dict[str, Any]:
    said: dict[str, Any] = {name: request.query_params[name] for name in _HEAD if name in request.query_params}
    if said.get("complete") in ("true", "false"):
        said["complete"] = said["complete"] == "true"
    return said


def _completed(asked: dict[str, Any], sent: Any) -> tuple[dict[str, Any], Iterable[tuple[int, Any]]]:
    """What follows from the form: OCSF is of one kind, and its findings say when they were found."""
    asked.setdefault("format", "rows")
    if asked["format"] == "ocsf":
        asked.setdefault("kind", _FINDINGS)
        if asked["kind"] != _FINDINGS:
            raise ValidationError({"kind": [f"OCSF findings are of the kind {_FINDINGS}."]})
        if "as_of" not in asked:
            asked["as_of"] = _newest(sent)
    missing = {name: ["This field is required."] for name in ("kind", "as_of") if name not in asked}
    if missing:
        raise ValidationError(missing)
    rows = _read(sent)
    return asked, rows_of_events(rows) if asked["format"] == "ocsf" else rows


def _newest(sent: Any) -> datetime:
    """When the newest finding was found, by a reading of its own."""
    try:
        found = newest(_read(sent))
    except RowError as fault:
        raise ValidationError({"rows": {str(fault.index): {fault.path: [fault.message]}}}) from None
    if found is None:
        raise ValidationError({"as_of": ["No finding says when it was found, so this has to."]})
    return found


def _read(sent: Any) -> Iterator[tuple[int, Any]]:
    if not isinstance(sent, UploadedFile):
        return enumerate(sent)
    sent.seek(0)
    return sent_rows(sent)


def _by_row(unfit: UnfitError) -> dict[str, dict[str, list[str]]]:
    """Faults as the problem's `errors.rows` nests them: index, pointer, sentences."""
    found: dict[str, dict[str, list[str]]] = {}
    for fault in unfit.faults:
        found.setdefault(str(fault.index), {}).setdefault(fault.path, []).append(fault.message)
    return found


def _origin(request: Request) -> str:
    """Where the call came from, as far as we can see: the address, and what the program calls itself."""
    program = "".join(sign for sign in request.headers.get("User-Agent", "") if sign.isprintable())[:100]
    return f"{request.META.get('REMOTE_ADDR') or 'an unknown address'}{f' ({program})' if program else ''}"


def _kept(run_id: Any, push: Push) -> Snapshot | None:
    return (
        Snapshot.objects.select_related("version__artefact", "step__run__connection")
        .filter(step__run_id=run_id, fact_kind=push.kind).first()
    )
