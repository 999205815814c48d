"""A host that a customer typed cannot lead us into our own network."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from evidence.checks.base import Reason
from evidence.collectors.base import CollectionError, Context
from evidence.collectors.client import VendorClient
from evidence.collectors.network import checked_addresses, is_public

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "ff02::1",
]  # fmt: skip


def _client(base_url: str, endpoint: str | None = None) -> VendorClient:
    context = Context(config={}, secret={}, now=datetime.now(UTC), endpoint=endpoint, sleep=lambda _: None)
    return VendorClient(base_url=base_url, headers={}, context=context, timeout=2.0)


@pytest.mark.parametrize("address", PRIVATE)
def test_these_addresses_are_ours_or_nobodys(address) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "140.82.121.6", "2606:50c0:8000::153", "64:ff9b::808:808"])
def test_these_addresses_are_the_open_internet(address) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"])
def test_a_private_host_is_refused_before_anything_is_sent(vendor, host) -> None:
    vendor.say(body={})
    port = vendor.address.rsplit(":", 1)[1]
    with pytest.raises(CollectionError) as caught:
        _client(f"https://{host}:{port}").get("/latest/meta-data")
    assert caught.value.reason is Reason.UNREACHABLE
    assert vendor.seen == []


def test_one_private_address_among_public_ones_is_enough(monkeypatch) -> None:
    def answers(*_args, **_named):
        return [(0, 0, 0, "", ("140.82.121.6", 443)), (0, 0, 0, "", ("10.0.0.8", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(CollectionError, match="private network"):
        checked_addresses("split.example", 443)


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch, vendor) -> None:
    """The first answer is public and cannot be reached here; the second would be loopback. Only the first counts."""
    asked = []

    def answers(host, port, *_args, **_named):
        asked.append(host)
        return [(0, 0, 0, "", ("203.0.113.9" if len(asked) > 1 else "240.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    monkeypatch.setattr("evidence.collectors.network.is_public", lambda address: address == "240.0.0.1")
    client = _client("https://rebinding.example")
    for _ in range(2):
        with pytest.raises(CollectionError, match=r"cannot connect|timed out"):
            client.get("/a")
    assert asked.count("rebinding.example") == 1


def test_only_the_operators_own_endpoint_is_exempt(vendor) -> None:
    vendor.say(body={"ok": True})
    assert _client(vendor.address, endpoint=vendor.address).get("/a").body == {"ok": True}
    port = int(vendor.address.rsplit(":", 1)[1])
    with pytest.raises(CollectionError, match="private network"):
        _client(f"https://127.0.0.1:{port + 1}", endpoint=vendor.address).get("/a")
    with pytest.raises(CollectionError, match="private network"):
        _client(f"https://localhost:{port}", endpoint=vendor.address).get("/a")


@pytest.mark.parametrize("typed", ["http://ghe.acme.example", "file:///etc/passwd", "gopher://x", "ghe.acme.example"])
def test_a_credential_goes_over_https_only(typed) -> None:
    with pytest.raises(CollectionError) as caught:
        _client(typed)
    assert caught.value.remedy == "Give an https:// address."


def test_a_name_without_an_address_is_unreachable(monkeypatch) -> None:
    def nothing(*_args, **_named):
        raise socket.gaierror(8, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    with pytest.raises(CollectionError, match="cannot be resolved"):
        _client("https://nowhere.example").get("/a")


def test_a_proxy_of_the_environment_is_not_used(monkeypatch, vendor) -> None:
    monkeypatch.setenv("HTTPS_PROXY", vendor.address)
    monkeypatch.setenv("ALL_PROXY", vendor.address)
    vendor.say(body={})
    with pytest.raises(CollectionError, match="private network"):
        _client("https://127.0.0.1:9").get("/a")
    assert vendor.seen == []
