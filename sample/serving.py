"""A WSGI application on loopback behind connections that stay open, as a real vendor's do."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


def serve(wsgi: Any) -> BaseWSGIServer:
    """The application in threads of its own, on a port that the system chose, until the server is closed."""
    server = make_server("127.0.0.1", 0, wsgi, threaded=True, request_handler=_KeptOpen)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


class _KeptOpen(WSGIRequestHandler):
    """Says nothing, and answers one call after another on the same connection.

    werkzeug closes after each answer, because it does not know how much of the request the application left unread. Here
    each request is read whole before the application sees it, and each answer is told its length.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the last piece of an answer waits until the first is confirmed
    wbufsize = -1

    def log(self, type: str, message: str, *args: Any) -> None:
        """Silence: the runs' own log tells every call."""

    def run_wsgi(self) -> None:
        told: list[Any] = []
        answer = self.server.app(self.make_environ(), lambda *started: told.extend(started))
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        self._send(told[0], told[1], body)

    def make_environ(self) -> dict[str, Any]:
        self.wfile.flush()  # whoever waits to be told to send the body is told now
        environ = super().make_environ()
        in_pieces = "wsgi.input_terminated" in environ
        given = environ["wsgi.input"]
        environ["wsgi.input"] = BytesIO(given.read() if in_pieces else given.read(int(environ.get("CONTENT_LENGTH") or 0)))
        return environ

    def _send(self, status: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        code, _, phrase = status.partition(" ")
        given = {name.lower(): value for name, value in headers}
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in given:
            self.send_header("Content-Length", str(len(body)))
        elif self.command != "HEAD" and given["content-length"] != str(len(body)):
            self.send_header("Connection", "close")  # an answer that breaks off, on purpose
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()
