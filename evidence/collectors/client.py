"""The house's HTTP client for every vendor that needs no SDK of its own.

It sends, waits, retries, pages, counts and logs; it raises CollectionError and nothing else. What an
answer means is the collector's business.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from evidence.checks.base import Reason
from evidence.collectors.allowance import Allowances
from evidence.collectors.answers import refusal, wait_before_retry
from evidence.collectors.base import Call, CollectionError, Context, Json, Kept, Page
from evidence.collectors.network import GuardedTransport, origin
from evidence.collectors.repeating import address_of, asking_whether

Params = Mapping[str, Any]

_SECRET_PARAMETERS = frozenset({"token", "access_token", "client_secret", "client_assertion", "password", "code"})


@dataclass(frozen=True)
class Answer:
    """A good answer: status, headers (any case), parsed JSON body (None where empty), the call that brought it."""

    status: int
    headers: Mapping[str, str]
    body: Json
    call: str
    next: str | None = None  # the URL of the next page, as the vendor wrote it


class Credential(Protocol):
    """What a call is signed with where it is not the same for a whole run: see tokens.py. Both raise CollectionError."""

    def headers(self) -> Mapping[str, str]: ...

    def renew(self, sent: Mapping[str, str]) -> bool: ...


class VendorClient:
    """Calls one vendor for one connection.

    `credential` gives each attempt its headers, and after a 401 another one, once a call.

    `conditional`: whether the vendor may be asked if its last answer still holds, which costs no rate limit there.
    `timeout` is seconds per network step (and four times that for a whole answer), `max_bytes` the most that one
    answer may hold once unpacked, `page_cap` the most pages of one list, `attempts` the most tries of one call and
    `max_wait` the most seconds that one call may spend waiting for a retry.
    """

    def __init__(
        self, *, base_url: str, headers: Mapping[str, str], context: Context, page_cap: int = 500,
        timeout: float = 30.0, max_bytes: int = 32 * 1024 * 1024, attempts: int = 4, max_wait: float = 120.0,
        credential: Credential | None = None,
        conditional: bool = False,
    ) -> None:
        exempt = origin(context.endpoint) if context.endpoint else None
        try:
            self._origin = origin(base_url)
        except ValueError as fault:
            raise CollectionError(Reason.UNREACHABLE, str(fault), remedy="Give an https:// address.") from fault
        if self._origin != exempt and self._origin[0] != "https":
            raise CollectionError(
                Reason.UNREACHABLE, "a credential is sent over https only", remedy="Give an https:// address."
            )
        self._base = base_url.rstrip("/")
        self._context, self._credential = context, credential
        self._page_cap, self._timeout, self._max_bytes = page_cap, timeout, max_bytes
        self._attempts, self._max_wait = attempts, max_wait
        self._validators = context.validators if conditional else None
        self._allowances = Allowances()
        self._http = httpx.Client(
            transport=GuardedTransport(exempt[1:] if exempt else None), headers=dict(headers),
            timeout=timeout, follow_redirects=False, trust_env=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(
        self, path: str, params: Params | None = None, *, allow: tuple[int, ...] = (), rows: str | None = None,
        once: bool = False,
    ) -> Answer:
        """GET a path. An error status raises unless it is in `allow`. `rows` names the key of a list, for the log; `once`
        says that nobody will ask for it again."""
        return self._call("GET", self._url(path), params, allow=allow, rows=rows, once=once)

    def post(
        self, path: str, params: Params | None = None, *, json: Json = None, data: Params | None = None,
        headers: Mapping[str, str] | None = None, allow: tuple[int, ...] = (),
    ) -> Answer:
        """POST a JSON or form body (tokens, queries). The body is never logged."""
        return self._call("POST", self._url(path), params, allow=allow, json=json, data=data, headers=headers)

    def pages(
        self, path: str, params: Params | None = None, *, rows: str | None = None, once: bool = False
    ) -> Iterator[Page]:
        """Every page of a list, following `Link: rel="next"` on our own host only.

        A page's body must be a list of objects, or an object with such a list under `rows`; else it is malformed.
        `call` is the one that opened the list, `parameters` are its own with the page's over them.
        """
        url, opened = self._url(path), dict(params or {})
        seen: set[str] = set()
        query, call = opened, f"GET {path}"
        for _ in range(self._page_cap):
            answer = self._call("GET", url, query, rows=rows, once=once)
            listed(answer.body, rows, call)
            yield Page(call, {**opened, **query}, answer.body)
            if answer.next is None:
                return
            url = self._next(answer.next, url, seen, call)
            query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
            url = url.split("?", 1)[0]
        raise CollectionError(
            Reason.MALFORMED, f"more than {self._page_cap} pages", call=call,
            remedy="The list does not end; ask the vendor, or raise the page cap.",
        )

    def _url(self, path: str) -> str:
        return f"{self._base}/{path.lstrip('/')}"

    def _next(self, link: str, current: str, seen: set[str], call: str) -> str:
        """The next page's URL, if it stays on the connection's host and was not read before."""
        url = urljoin(current, link)
        try:
            same = origin(url) == self._origin
        except ValueError:
            same = False
        if not same:
            raise CollectionError(
                Reason.MALFORMED, "next page points to another host", call=call,
                remedy="The credential was not sent there. Check the base URL of the connection.",
            )
        if url in seen:
            raise CollectionError(Reason.MALFORMED, "next page was read before: the list runs in a circle", call=call)
        seen.add(url)
        return url

    def _call(self, method: str, url: str, params: Params | None, *, allow: tuple[int, ...] = (),
              rows: str | None = None, once: bool = False, **body: Any) -> Answer:
        """One call with its retries, each attempt throttled and logged."""
        waited, attempt, renewed = 0.0, 0, False
        address = address_of(urlsplit(url).path, params) if method == "GET" and self._validators and not once else ""
        while True:
            attempt += 1
            signed = self._credential.headers() if self._credential else {}
            sent = {**body, "headers": {**(body.get("headers") or {}), **signed}} if signed else body
            try:
                self._allowances.spare(urlsplit(url).path, self._context.sleep, self._max_wait)
                return self._attempt(method, url, params, allow, rows, sent, address)
            except CollectionError as error:
                if error.status != 401 or renewed or self._credential is None or not self._credential.renew(signed):
                    raise
                renewed = True
            except _Retry as again:
                pause = again.after if again.after is not None else float(2 ** (attempt - 1))
                if attempt >= self._attempts or waited + pause > self._max_wait:
                    raise again.error from again
                waited += pause
                self._context.sleep(pause)

    def _attempt(self, method: str, url: str, params: Params | None, allow: tuple[int, ...], rows: str | None,
                 body: Mapping[str, Any], address: str) -> Answer:
        call = f"{method} {urlsplit(url).path}"
        self._context.throttle()
        begun, status, error, count = time.monotonic(), None, "", None
        try:
            kept = self._validators.find(address) if address and self._validators else None
            asked = {**body, "headers": {**(body.get("headers") or {}), **asking_whether(kept)}} if kept else body
            response, content = self._exchange(method, url, params, asked, call)
            status = response.status_code
            self._allowances.heard(urlsplit(url).path, response.headers)
            if status == 304 and kept is not None:
                answer = Answer(200, response.headers, parsed(kept.content, call), call, kept.following or None)
            elif status >= 300 and status not in allow:
                raise self._refused(response, content, call)
            else:
                answer = self._answered(response, content, call, address)
            count = _count(answer.body, rows)
            return answer
        except (_Retry, CollectionError) as fault:
            error = (fault.error if isinstance(fault, _Retry) else fault).message
            raise
        finally:
            milliseconds = int((time.monotonic() - begun) * 1000)
            self._context.log(Call(call, _loggable(params), status, milliseconds, count, error))

    def _answered(self, response: httpx.Response, content: bytes, call: str, address: str) -> Answer:
        """A good answer, kept where it can be asked about again."""
        link = response.links.get("next", {}).get("url")
        body = parsed(content, call)
        etag, modified = response.headers.get("etag", ""), response.headers.get("last-modified", "")
        if address and self._validators and response.status_code == 200 and (etag or modified):
            self._validators.keep(address, Kept(etag, modified, content, link or ""))
        return Answer(response.status_code, response.headers, body, call, link)

    def _exchange(self, method: str, url: str, params: Params | None, body: Mapping[str, Any],
                  call: str) -> tuple[httpx.Response, bytes]:
        """Send, and read the answer up to the cap. Whatever the network does becomes a reason."""
        deadline = time.monotonic() + 4 * self._timeout
        content = bytearray()
        try:
            given = {name: value for name, value in body.items() if value is not None}
            with self._http.stream(method, url, params=dict(params) if params else None, **given) as response:
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > self._max_bytes:
                        raise _too_large(self._max_bytes, call)
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("the answer took too long")
                return response, bytes(content)
        except httpx.TimeoutException as fault:
            raise _retriable(method, Reason.UNREACHABLE, "timed out", call) from fault
        except (httpx.RemoteProtocolError, httpx.DecodingError) as fault:
            raise _retriable(method, Reason.MALFORMED, f"answer broke off or is not HTTP: {fault}", call) from fault
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise _retriable(method, Reason.UNREACHABLE, f"cannot connect: {fault}", call) from fault

    def _refused(self, response: httpx.Response, content: bytes, call: str) -> Exception:
        error = refusal(response.status_code, response.headers, content, call)
        wait, retry = wait_before_retry(response.status_code, response.headers, error)
        error.retry_after = wait
        return _Retry(error, wait) if retry else error


class _Retry(Exception):
    """An attempt that may be made again; `after` is the vendor's own wish in seconds."""

    def __init__(self, error: CollectionError, after: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.after = after


def _too_large(limit: int, call: str) -> CollectionError:
    return CollectionError(
        Reason.MALFORMED, f"answer is larger than {limit} bytes", call=call,
        remedy="Nothing of it was kept. Tell us which list this is: it needs smaller pages.",
    )


def _retriable(method: str, reason: Reason, message: str, call: str) -> Exception:
    error = CollectionError(
        reason, message, call=call, remedy="Check that the vendor is up and that its host can be reached from here."
    )
    # A POST that got no answer may have been carried out: it is not sent twice.
    return _Retry(error) if method == "GET" else error


def parsed(content: bytes, call: str) -> Json:
    """The JSON of an answer, None where it is empty. Raises malformed."""
    if not content.strip():
        return None
    try:
        return json.loads(content)
    except ValueError as fault:
        raise CollectionError(
            Reason.MALFORMED, "answer is not JSON, or broke off in the middle", call=call,
            remedy="Run again; if it persists, a proxy may be answering in the vendor's place.",
        ) from fault


def listed(body: Json, rows: str | None, call: str) -> list[dict[str, Any]]:
    """The list of objects in a page's body. Raises malformed where there is none or where it holds a null."""
    found = body.get(rows) if rows and isinstance(body, dict) else body
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise CollectionError(
            Reason.MALFORMED, "expected a list of objects", call=call,
            remedy="The vendor answered in an unexpected shape; what was collected before is kept.",
        )
    return found


def _count(body: Json, rows: str | None) -> int | None:
    found = body.get(rows) if rows and isinstance(body, dict) else body
    return len(found) if isinstance(found, list) else None


def _loggable(params: Params | None) -> dict[str, Any]:
    return {key: "…" if key.lower() in _SECRET_PARAMETERS else value for key, value in (params or {}).items()}
