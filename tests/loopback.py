"""A WSGI app served on loopback, on a port of the system's choice, for as long as a test needs it.

`serve_open` keeps connections open as real vendors do, which halves what a long collection costs; `serve` closes each after
its answer and sends that piece by piece, for tests of answers that break off, drip or do not end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from sample.serving import serve as kept_open


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128  # the default of five drops some of eight calls at once, and each costs a second

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up on purpose is no news."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *given: Any) -> None:
        """Say nothing."""


@contextmanager
def serve(app: Any) -> Iterator[str]:
    """The address at which the app is served."""
    server = make_server("127.0.0.1", 0, app, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


@contextmanager
def serve_open(app: Any) -> Iterator[str]:
    """The address at which the app is served, over connections that stay open."""
    server = kept_open(app)
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
