"""Exit status 0 when this container's web server is ready. Run by Docker's HEALTHCHECK."""

from __future__ import annotations

import http.client
import os
import sys


def main() -> int:
    # Django answers only to the names it was given, so ask by the first of them.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".").replace("*", "localhost")
    port = int(os.environ.get("BIND", "0.0.0.0:8000").rsplit(":", 1)[1])  # noqa: S104 - only its port is read
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
