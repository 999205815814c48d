"""ClamAV's daemon, in its own protocol on loopback: what it finds is refused, and so is everything when it cannot be asked."""

from __future__ import annotations

import socket
import struct
import threading
from datetime import timedelta

import pytest
from django.urls import reverse

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from evidence import scanning
from evidence.models import Version
from evidence.scanning import InfectedError, ScannerUnreachableError, scan
from tests.factories.controls import make_control
from tests.factories.evidence import make_requirement, upload

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd(threading.Thread):
    """Speaks INSTREAM: z-commands, lengths in network order, an answer that ends in NUL."""

    def __init__(self, answer: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.answer, self.listener, self.seen = answer, socket.create_server(("127.0.0.1", 0)), b""
        self.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                self.seen = b"".join(self._chunks(stream))
                found = b"stream: Eicar-Signature FOUND\0" if EICAR in self.seen else b"stream: OK\0"
                caller.sendall(self.answer or found)

    def _chunks(self, stream):
        while length := struct.unpack("!L", stream.read(4))[0]:
            yield stream.read(length)


@pytest.fixture()
def clamd(settings):
    fake = FakeClamd()
    settings.CLAMD = fake.address
    yield fake
    fake.listener.close()


def test_without_a_scanner_nothing_is_scanned_and_it_says_so(settings):
    settings.CLAMD = ""
    assert scan([EICAR]) == "not scanned"


def test_what_is_clean_passes_whole(clamd):
    assert scan([b"a" * 70_000, b"", b"b"]) == "clean"
    assert clamd.seen == b"a" * 70_000 + b"b"


def test_what_is_found_is_named(clamd):
    with pytest.raises(InfectedError, match="Eicar-Signature"):
        scan([b"before ", EICAR])


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b"\0"])
def test_no_verdict_is_no_pass(settings, answer):
    fake = FakeClamd(answer)
    settings.CLAMD = fake.address
    with pytest.raises(ScannerUnreachableError, match="no verdict"):
        scan([b"x"])
    fake.listener.close()


def test_a_daemon_that_is_away_lets_nothing_in(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.CLAMD = f"127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(ScannerUnreachableError, match="cannot be reached"):
        scan([b"x"])


def test_it_is_reached_over_a_unix_socket_too(settings, tmp_path):
    path = str(tmp_path / "clamd.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        settings.CLAMD = path
        threading.Thread(target=_answer_once, args=[listener], daemon=True).start()
        assert scan([b"x"]) == "clean"


def _answer_once(listener):
    caller, _ = listener.accept()
    with caller:
        caller.recv(100)
        caller.sendall(b"stream: OK\0")


@pytest.mark.django_db
def test_an_infected_file_is_refused_on_the_page_and_a_clean_one_says_that_it_was_scanned(acme, mei, jonas, clamd):
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control(owner=jonas.membership))
    day = str(today("Europe/Lisbon") - timedelta(days=1))
    at = reverse("evidence:provide", args=["acme", requirement.pk])
    refused = jonas.client.post(at, {"file": upload(EICAR, "notes.txt"), "first": day, "last": day})
    assert refused.status_code == 422
    assert b"Eicar-Signature" in refused.content
    assert jonas.client.post(at, {"file": upload(b"clean", "notes.txt"), "first": day, "last": day}).status_code == 302
    with scope(acme):
        assert Version.objects.get().provenance["scan"] == {"by": "ClamAV", "result": "clean"}


def test_an_answer_is_waited_for_only_so_long():
    assert scanning.PATIENCE < 60  # gunicorn ends a request after a minute
