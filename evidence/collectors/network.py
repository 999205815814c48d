"""The guard between a host that a customer typed and our own network (server-side request forgery).

Names are resolved here, once, and every connection goes to an address that was checked: a name that
answers with a public address first and a private one later gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from functools import cache
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL, the port made explicit. Raises ValueError for anything but http(s)."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url}")
    return parts.scheme, parts.hostname.lower(), parts.port or _DEFAULT_PORTS[parts.scheme]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet: not private, loopback, link-local, metadata or reserved."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, in the resolver's order. Raises CollectionError where there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise CollectionError(
            Reason.UNREACHABLE, f"{host} cannot be resolved", remedy="Check the spelling of the host name."
        ) from fault
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, refused as a whole if one of them is not public."""
    addresses = resolve(host, port)
    if not all(is_public(address) for address in addresses):
        raise CollectionError(
            Reason.UNREACHABLE, f"{host} resolves to an address inside a private network, which is refused",
            remedy="Give a host on the public internet, or have the operator allow this one.",
        )
    return addresses


class GuardedBackend(httpcore.SyncBackend):
    """Opens sockets to checked addresses only. `exempt` is the one host (and port) that the operator configured."""

    def __init__(self, exempt: tuple[str, int] | None = None) -> None:
        super().__init__()
        self._exempt = exempt
        self._pinned: dict[tuple[str, int], list[str]] = {}

    def _addresses(self, host: str, port: int) -> list[str]:
        key = (host.lower(), port)
        if key not in self._pinned:
            self._pinned[key] = resolve(host, port) if key == self._exempt else checked_addresses(host, port)
        return self._pinned[key]

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's checked addresses that answers; TLS still verifies the host's name."""
        failure: Exception | None = None
        for address in self._addresses(host, port):
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
                failure = fault
        raise failure or httpcore.ConnectError(f"{host} has no address")


@cache
def _trusted() -> SSLContext:
    return httpx.create_ssl_context()


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport with its sockets opened by the guard. Proxies of the environment are not used."""

    def __init__(self, exempt: tuple[str, int] | None = None) -> None:
        super().__init__(verify=_trusted(), trust_env=False)
        # httpx offers no public way to pass a network backend; the guard's own tests fail if this stops working.
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(), network_backend=GuardedBackend(exempt), max_connections=10,
            keepalive_expiry=30.0,
        )
