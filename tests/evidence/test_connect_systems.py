"""Connections: making one, what its page never shows, testing, changing, pausing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.collectors.models import Connection, Cursor, Run
from evidence.collectors.secrets import opened
from evidence.collectors.services.connect import change_connection
from sample.base import DAYS, Clock
from sample.github import GitHubWorld
from tests.factories.evidence import judged, make_connection
from tests.loopback import serve_open

pytestmark = pytest.mark.django_db
FORM = {"name": "GitHub", "every_minutes": "1440", "field_organization": "acme", "field_token": "ghp_very_secret"}


def at(name, *args):
    return reverse(f"connections:{name}", args=["acme", *args])


@pytest.fixture()
def connection(acme, mei):
    with scope(acme):
        return make_connection(mei.actor)


def test_an_administrator_connects_github_and_the_token_is_sealed(acme, ada):
    answer = ada.client.post(at("create", "github"), FORM)
    with scope(acme):
        connection = Connection.objects.get()
        assert answer.headers["Location"] == at("connection", connection.pk)
        assert connection.config == {"organization": "acme"}
        assert b"ghp_very_secret" not in bytes(connection.secret)
        assert opened(connection) == {"token": "ghp_very_secret"}
        entry = Entry.objects.get(action="evidence.connection.created")
        assert "ghp_very_secret" not in str(entry.after)


def test_a_secret_is_never_shown_again(acme, ada):
    ada.client.post(at("create", "github"), FORM)
    with scope(acme):
        connection = Connection.objects.get()
    for page in (at("connection", connection.pk), at("change", connection.pk), at("list")):
        assert b"ghp_very_secret" not in ada.client.get(page).content
    refused = ada.client.post(at("create", "github"), FORM | {"name": ""})
    assert refused.status_code == 422
    assert b"ghp_very_secret" not in refused.content
    assert b'value="acme"' in refused.content


@pytest.mark.parametrize(
    ("vendor", "sent", "field", "said"),
    [
        ("github", {"field_token": ""}, "field_token", "Enter a token, or"), ("github", {"name": ""}, "name", "Give it a name."),
        ("github", {"every_minutes": "3"}, "every_minutes", ""), ("okta", {}, "field_org_url", "Enter the organisation’s address."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(acme, ada, vendor, sent, field, said):
    answer = ada.client.post(at("create", vendor), FORM | sent)
    assert answer.status_code == 422
    assert said.replace("’", "'") in answer.context["form"].errors[field][0]
    with scope(acme):
        assert not Connection.objects.exists()


def test_a_refused_form_says_everything_at_once_and_that_a_secret_is_to_be_written_again(acme, ada):
    sent = FORM | {"name": "", "field_app_id": "no number", "field_private_key": "nonsense"}
    page = ada.client.post(at("create", "github"), sent).content.decode()
    assert "Give it a name." in page
    assert "Enter the app&#x27;s number" in page
    assert page.count("Nothing was saved: write it again.") == 2
    assert "nonsense" not in page


def test_aws_gets_an_external_id_of_its_own_and_the_page_shows_the_policies(acme, ada, settings):
    settings.AWS_PRINCIPAL = "arn:aws:iam::999988887777:role/fieldwork"
    ada.client.post(
        at("create", "aws"),
        {
            "name": "AWS", "every_minutes": "1440", "field_role_arn": "arn:aws:iam::123456789012:role/Fieldwork",
            "field_regions": "eu-west-1",
        },
    )
    with scope(acme):
        connection = Connection.objects.get()
    content = ada.client.get(at("connection", connection.pk)).content.decode()
    assert content.count(connection.config["external_id"]) == 3
    assert "arn:aws:iam::999988887777:role/fieldwork" in content
    assert "s3:GetBucketPolicyStatus" in content


def test_a_vendor_that_nobody_knows_is_not_found(ada, acme):
    assert ada.client.get(at("create", "acmecloud")).status_code == 404


def test_a_stored_secret_is_sent_to_no_other_address(acme, ada, connection):
    """Whoever may change a connection could otherwise read the token at a host of their own."""
    sent = {"name": "Code", "every_minutes": "60", "field_organization": "acme", "field_base_url": "https://evil.example/api/v3"}
    refused = ada.client.post(at("change", connection.pk), sent | {"field_token": ""})
    assert refused.status_code == 422
    assert "it was given for another address" in refused.context["form"].errors["field_token"][0]
    assert b'value="https://evil.example/api/v3"' in refused.content
    with scope(acme):
        assert "base_url" not in Connection.objects.get().config
    ada.client.post(at("change", connection.pk), sent | {"field_token": "ghp_of_that_server"})
    with scope(acme):
        assert opened(Connection.objects.get()) == {"token": "ghp_of_that_server"}


def test_of_several_secrets_none_follows_to_another_address(acme, ada, connection, room):
    change_connection(actor=ada.actor, connection=connection, fields={"base_url": "https://github.acme.example/api/v3", "token": "new"})
    with pytest.raises(ValidationError) as refused:
        change_connection(actor=ada.actor, connection=connection, fields={"base_url": ""})
    assert set(refused.value.message_dict) == {"token"}
    change_connection(actor=ada.actor, connection=connection, fields={"base_url": "https://GitHub.acme.example/api/v3/"})
    assert opened(connection) == {"token": "new"}


def test_a_change_keeps_the_secret_that_is_left_empty(acme, ada, connection):
    sent = {"name": "Code", "every_minutes": "60", "field_organization": "acme"}
    ada.client.post(at("change", connection.pk), sent | {"field_token": ""})
    with scope(acme):
        changed = Connection.objects.get()
        assert (changed.name, changed.every_minutes) == ("Code", 60)
        assert opened(changed) == {"token": "ghp_very_secret"}
    ada.client.post(at("change", connection.pk), sent | {"field_token": "new"})
    with scope(acme):
        assert opened(Connection.objects.get()) == {"token": "new"}
        assert "new" not in str(list(Entry.objects.values_list("after", flat=True)))


def test_a_connection_that_looks_elsewhere_reads_the_log_there_from_its_beginning(acme, mei):
    """A place in one organisation's log is no place in another's; what is told by repository stays."""
    with scope(acme):
        connection = make_connection(mei.actor)
        for kind, source in (("github.audit_log", ""), ("github.merged_pull_requests", "acme/api")):
            Cursor.objects.create(connection=connection, fact_kind=kind, source=source, state={"to": "2026-11-01T00:00:00Z"})
        change_connection(actor=mei.actor, connection=connection, name="Our GitHub", fields={"organization": "acme", "token": ""})
        assert Cursor.objects.count() == 2
        change_connection(actor=mei.actor, connection=connection, fields={"organization": "acme-labs", "token": ""})
        assert list(Cursor.objects.values_list("source", flat=True)) == ["acme/api"]


def test_a_test_says_which_permissions_are_there(acme, ada, settings):
    clock = Clock(datetime(2026, 6, 30, 6, tzinfo=UTC))
    clock.now = clock.at(DAYS)
    world = GitHubWorld(clock)
    with scope(acme):
        connection = make_connection(ada.actor, fields={"organization": "halyard-payments", "token": world.token})
    with serve_open(world.wsgi) as address:
        settings.VENDOR_ENDPOINTS = {"github": address}
        ada.client.post(at("test", connection.pk))
    with scope(acme):
        assert Connection.objects.get().health == "ok"
        assert Entry.objects.filter(action="evidence.connection.tested").count() == 1
    assert b"permissions are there" in ada.client.get(at("connection", connection.pk)).content


def test_a_test_says_what_is_missing_and_what_to_do(acme, ada, connection, settings):
    clock = Clock(datetime(2026, 6, 30, 6, tzinfo=UTC))
    world = GitHubWorld(clock)
    with serve_open(world.wsgi) as address:
        settings.VENDOR_ENDPOINTS = {"github": address}
        ada.client.post(at("test", connection.pk))
    with scope(acme):
        assert Connection.objects.get().health == "failing"
    content = ada.client.get(at("connection", connection.pk)).content.decode()
    assert "Enter a new one." in content
    assert "Not everything can be read" in content


def test_a_paused_one_collects_nothing_until_it_is_resumed(acme, ada, connection):
    ada.client.post(at("pause", connection.pk))
    with scope(acme):
        paused = Connection.objects.get()
        assert (paused.active, paused.health, paused.next_run_at) == (False, "paused", None)
    ada.client.post(at("start", connection.pk))
    with scope(acme):
        assert not Run.objects.exists()
    ada.client.post(at("resume", connection.pk))
    with scope(acme):
        assert Connection.objects.get().active
        assert Entry.objects.filter(action="evidence.connection.changed").count() == 2


@pytest.mark.parametrize("who", ["jonas", "femi"])
def test_others_may_look_and_may_not_touch(acme, request, connection, who):
    client = request.getfixturevalue(who).client
    assert client.get(at("list")).status_code == 200
    assert client.get(at("connection", connection.pk)).status_code == 200
    for name in ("change", "test", "pause", "resume", "start"):
        assert client.post(at(name, connection.pk), FORM).status_code == 403
    assert client.post(at("create", "github"), FORM).status_code == 403
    assert client.get(at("choose")).status_code == 403


def test_an_employee_is_refused_and_another_organisation_finds_nothing(acme, borealis, noor, stranger, connection):
    assert noor.client.get(at("connection", connection.pk)).status_code == 403
    assert stranger.client.get(at("connection", connection.pk)).status_code == 404
    for name in ("connection", "change"):
        assert stranger.client.get(reverse(f"connections:{name}", args=["borealis", connection.pk])).status_code == 404
    for name in ("test", "pause", "resume", "start"):
        assert stranger.client.post(reverse(f"connections:{name}", args=["borealis", connection.pk])).status_code == 404


def test_the_page_leads_to_what_its_checks_say(acme, mei, connection):
    with scope(acme):
        judged(connection)
    content = mei.client.get(at("connection", connection.pk)).content.decode()
    assert f"{reverse('checks:list', args=['acme'])}?connection=github" in content


def test_an_empty_room_is_shown_how_to_begin(acme, ada, jonas):
    assert at("choose").encode() in ada.client.get(at("list")).content
    assert at("choose").encode() not in jonas.client.get(at("list")).content
    assert b"GitHub" in ada.client.get(at("choose")).content
