"""A browser on the system's Chromium, and the site on a thread with committed data of its own."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client

from audits.readiness.figures import rebuild_figures
from compliance.people.models import Membership, User
from compliance.tenancy.ids import uuid7
from compliance.tenancy.models import Organization
from compliance.tenancy.news import silence
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.models import Control
from evidence.judging.services.stand import refresh_standings
from evidence.requests.services.links import make_link
from evidence.services.adopt import adopt_starter_set
from gaps.services.reconcile import reconcile
from tests.conftest import WORKER, make_database, turn_to_database
from tests.house.test_every_url import address, room_urls
from tests.house.unprinted import unprinted
from tests.house.world import World, furnish

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "correct horse battery"


@dataclass
class Site:
    """Where it is, whose it is, and who can sign in: every password is PASSWORD."""

    url: str
    organization: Organization
    world: World
    people: dict[str, User]
    pages: dict[str, list[str]]

    @property
    def room(self) -> str:
        return f"{self.url}/o/{self.organization.slug}"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


class _Handler(StaticFilesHandler):
    """Static files from the source, as `runserver` does."""

    def __init__(self) -> None:
        super().__init__(WSGIHandler())


@pytest.fixture(scope="package")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """A furnished organisation, committed, and a server that serves it: in a database that no other test meets."""
    with django_db_blocker.unblock():
        shared, own = settings.DATABASES["default"]["NAME"], f"test_{WORKER}_journeys"
        make_database(own)
        turn_to_database(own)
        organization, world, people = _people_and_things()
        server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
        server.set_app(_Handler())
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        url = f"http://localhost:{server.server_port}"
        with unprinted():  # which addresses answer with a page is all that is asked here
            pages = {
                role: [url + path for path in _pages(people[role], prefix, world, organization.slug)]
                for role, prefix in (("compliance_manager", "o/"), ("auditor", "portal/"))
            }
        pages["nobody"] = [url + _door(organization, world), f"{url}/hand-in/nothing/"]
        yield Site(url, organization, world, people, pages)
        server.shutdown()
        server.server_close()
        connections.close_all()
        turn_to_database(shared)


def _door(organization: Organization, world: World) -> str:
    """Where somebody outside hands in, without an account."""
    with scope(organization):
        return urlsplit(make_link(actor=SYSTEM, ask=world["ask"])[0]).path


def _pages(user: User, prefix: str, world: World, slug: str) -> list[str]:
    """Every address below a prefix that answers this person with a page."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    found = []
    for namespace, pattern in room_urls(prefix):
        path = address(namespace, pattern, world, slug)
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
            found.append(path)
    return found


def _people_and_things() -> tuple[Organization, World, dict[str, User]]:
    name = f"journey-{uuid7().hex[-6:]}"
    organization = Organization.objects.create(name="Vandermeer & Achterberg Settlement Services", slug=name, timezone="Europe/Lisbon")
    people = {}
    with silence():
        for role in ("administrator", "compliance_manager", "control_owner", "approver", "employee"):
            user = User.objects.create_user(f"{role}@{name}.example", PASSWORD, name=role.replace("_", " ").capitalize())
            with scope(organization):
                Membership.objects.create(user=user, role=role, name=user.name, email=user.email)
            people[role] = user
        with scope(organization):
            manager = Membership.objects.get(role="compliance_manager", organization=organization)
        world = furnish(organization, manager, name)
        people["auditor"] = world.seat_user
        with scope(organization):
            owner = Membership.objects.get(role="control_owner", organization=organization)
            adopt_starter_set(actor=SYSTEM, owners={"Security lead": owner, "Platform lead": owner})
            Control.objects.filter(ref__startswith="AC").update(implementation="implemented")
            refresh_standings()
            reconcile()
            rebuild_figures()
    return organization, world, people


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield started
        started.close()


@pytest.fixture()
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """A fresh page; what the console says and the policy refuses is collected in `page.complaints`."""
    contexts = []

    def make(**options: Any) -> Any:
        # A colour in the middle of its change has no contrast to measure.
        chosen = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **options}
        context = browser.new_context(**chosen)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.complaints = []
        # A browser logs a page that answers 422 as a failed resource; that is the form's own answer, not a fault.
        page.on("console", lambda m: m.type == "error" and "422" not in m.text and page.complaints.append(m.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture()
def sign_in(site: Site) -> Callable[..., None]:
    """Sign a person in through the form; `nobody` stays outside."""

    def go(page: Any, role: str) -> None:
        if role not in site.people:
            return
        page.goto(f"{site.url}/accounts/login/")
        page.fill("input[name=login]", site.people[role].email)
        page.fill("input[name=password]", PASSWORD)
        page.click("button.btn.primary")
        page.wait_for_load_state()
        assert "/accounts/login" not in page.url, page.inner_text("main")

    return go
