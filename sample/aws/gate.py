"""The gate before moto: it asks for the ExternalId, knows who is calling, and answers what moto cannot."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

from sample.aws import beside
from sample.aws.estate import Estate
from sample.aws.report import MOTO_TIME
from sample.aws.trust import may_assume

if TYPE_CHECKING:
    from sample.aws.world import AwsWorld

_SCOPE = re.compile(r"Credential=(\w+)/\d{8}/([\w-]+)/([\w-]+)/aws4_request")
_JSON_SERVICES = ("access-analyzer", "guardduty", "securityhub", "inspector2", "backup")


class Gate:
    """A WSGI application around moto's. Nobody gets past it but with the keys of a role that they could assume."""

    def __init__(self, world: AwsWorld, moto: Any) -> None:
        self.world, self.moto = world, moto

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.world.settle()
        match = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if match is None:
            return _refuse(environ, start_response, "", "MissingAuthenticationToken", "Request is not signed.")
        key, region, service = match.groups()
        body = _body(environ)
        form = parse_qs(body.decode("utf-8", "replace")) if b"Action=" in body else {}
        action = form.get("Action", [""])[0]
        if service == "sts" and action == "AssumeRole":
            return self._assume(environ, start_response, form)
        estate = self.world.estate_of(key)
        if estate is None:
            return _refuse(environ, start_response, service, "InvalidClientTokenId", "The security token is invalid.")
        return self._answer(environ, start_response, estate, region, service, action, form, body)

    def _assume(self, environ: dict[str, Any], start_response: Any, form: dict[str, list[str]]) -> Iterable[bytes]:
        arn = form.get("RoleArn", [""])[0]
        document = self.world.trust_of(arn)
        if document is None or not may_assume(document, form.get("ExternalId", [None])[0]):  # type: ignore[list-item]
            return _refuse(environ, start_response, "sts", "AccessDenied", f"Not authorized to assume {arn}.")
        return self.moto(environ, start_response)  # type: ignore[no-any-return]

    def _answer(
        self, environ: dict[str, Any], start_response: Any, estate: Estate, region: str, service: str, action: str,
        form: dict[str, list[str]], body: bytes,
    ) -> Iterable[bytes]:  # fmt: skip
        ours = beside.answer(
            estate, self.world.clock, service, region, environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""),
            environ.get("HTTP_X_AMZ_TARGET", ""), environ.get("QUERY_STRING", ""), body,
        )  # fmt: skip
        if ours is not None:
            return _send(start_response, "200 OK", "application/json", json.dumps(ours).encode())
        if action == "DescribeSnapshots" and "RestorableBy.1" in form:
            public = [one.id for one in estate.service("ec2", region).snapshots.values()
                      if "all" in one.create_volume_permission_groups]  # fmt: skip
            if not public:
                empty = b'<DescribeSnapshotsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><snapshotSet/>'
                return _send(start_response, "200 OK", "text/xml", empty + b"</DescribeSnapshotsResponse>")
            _set_body(environ, {"Action": action, "Version": "2016-11-15",
                                **{f"SnapshotId.{n}": id for n, id in enumerate(public, 1)}})  # fmt: skip
        answer = self.moto(environ, start_response)
        if action == "GetCredentialReport":
            made = self.world.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
            return [chunk.replace(MOTO_TIME, made) for chunk in answer]
        return answer  # type: ignore[no-any-return]


def _body(environ: dict[str, Any]) -> bytes:
    """The request's body, put back for whoever reads it next."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    return bytes(body)


def _set_body(environ: dict[str, Any], form: dict[str, str]) -> None:
    body = urlencode(form).encode()
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))


def _refuse(environ: dict[str, Any], start_response: Any, service: str, code: str, said: str) -> Iterable[bytes]:
    if "HTTP_X_AMZ_TARGET" in environ or service in _JSON_SERVICES:
        body = json.dumps({"__type": code, "message": said}).encode()
        return _send(start_response, "403 Forbidden", "application/json", body, [("x-amzn-ErrorType", code)])
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{said}</Message></Error>"
    return _send(start_response, "403 Forbidden", "text/xml", f"<ErrorResponse>{error}</ErrorResponse>".encode())


def _send(
    start_response: Any, status: str, kind: str, body: bytes, more: list[tuple[str, str]] | None = None
) -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *(more or [])])
    return [body]
