"""A pack is asked for, made by a worker, kept, and handed out; with who may, and what the trail says of it."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from compliance.access.permissions import Permission
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.packs import services
from evidence.packs.models import Pack
from evidence.packs.selectors import packs_to_wake
from evidence.packs.services import make_pack, request_pack
from evidence.packs.subjects import of_control
from tests.factories.compliance import make_programme
from tests.factories.controls import criterion, make_control, map_to
from tests.factories.evidence import bring, make_requirement
from tests.factories.turns import is_held
from tests.packs.building import saved
from tests.packs.verifying import verified

LIST = "/o/acme/evidence/packs/"


@pytest.fixture()
def control(acme, mei):
    with scope(acme):
        made = make_control("AC-07")
        map_to(made, "CC6.1")
        bring(mei, make_requirement(mei.actor, made))
    return made


def asked(acme, person, control) -> Pack:
    with scope(acme):
        return request_pack(actor=person.actor, subject=of_control(control))


def fresh(acme, pack) -> Pack:
    with scope(acme):
        return Pack.objects.get(pk=pack.pk)


def test_two_who_ask_at_once_get_one_pack(acme, mei, jonas, control):
    first = asked(acme, mei, control)
    assert is_held(acme, f"packs:control:{control.pk}")  # the second waits, and then finds the first
    assert asked(acme, jonas, control) == first


@pytest.mark.parametrize("kind", ["control", "criterion", "programme"])
def test_it_is_asked_for_on_the_page_and_made_and_downloaded(acme, mei, control, kind, tmp_path):
    with scope(acme):
        programme = make_programme(mei.actor)
    sent = {"control": "ac-07", "criterion": str(criterion().pk), "programme": str(programme.pk)}
    answer = mei.client.post(f"{LIST}request/", {"kind": kind, kind: sent[kind]}, follow=True)
    assert "is being put together" in answer.content.decode()
    with scope(acme):
        pack = Pack.objects.get()
    make_pack(organization_id=acme.pk, pack_id=pack.pk)
    pack = fresh(acme, pack)
    assert (pack.state, pack.items, pack.total, pack.log_size, pack.requested_by) == ("ready", 1, 1, 1, "Mei-Ling Chu")
    assert pack.sha256 in mei.client.get(LIST).content.decode()
    got = mei.client.get(f"{LIST}{pack.pk}/download/")
    content = b"".join(got.streaming_content)
    assert sha256(content).hexdigest() == pack.sha256
    assert (got["Content-Disposition"], got["X-Content-Type-Options"]) == (
        f'attachment; filename="{pack.filename}"',
        "nosniff",
    )
    assert verified(tmp_path, saved(tmp_path, content)).code == 0


def test_the_trail_tells_who_asked_what_was_made_and_who_took_it(acme, mei, jonas, control):
    pack = asked(acme, mei, control)
    make_pack(organization_id=acme.pk, pack_id=pack.pk)
    jonas.client.get(f"{LIST}{pack.pk}/download/")
    with scope(acme):
        told = Entry.objects.filter(target_id=pack.pk).order_by("id")
        assert [(each.action.rpartition(".")[2], each.actor_label) for each in told] == [
            ("requested", "Mei-Ling Chu"),
            ("made", "Fieldwork"),
            ("downloaded", "Jonas Lindqvist"),
        ]
        assert told[1].after["sha256"] == fresh(acme, pack).sha256


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "control", "control": "XX-99"}, "There is no control XX-99."),
        ({"kind": "control", "control": "a\x00b"}, "Null characters are not allowed."),
        ({"kind": "control"}, "Write the control’s reference."),
        ({"kind": "criterion", "criterion": "x"}, "There is no such criterion here."),
        ({"kind": "programme", "programme": ""}, "Choose the programme."),
        ({"kind": "everything"}, "Choose what the pack is to be of."),
    ],
)
def test_what_is_not_there_is_said_beside_its_field(acme, mei, control, sent, said):
    answer = mei.client.post(f"{LIST}request/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with scope(acme):
        assert not Pack.objects.exists()


def test_asked_twice_before_it_is_begun_it_is_made_once(acme, mei, femi, control):
    assert asked(acme, mei, control).pk == asked(acme, femi, control).pk


@pytest.mark.parametrize(("who", "may"), [("femi", True), ("ada", False), ("jonas", False), ("noor", False)])
def test_managers_and_approvers_ask_for_packs(acme, control, who, may, request):
    person = request.getfixturevalue(who)
    answer = person.client.post(f"{LIST}request/", {"kind": "control", "control": "AC-07"})
    assert answer.status_code == (302 if may else 403)
    assert ("Pack the control" in person.client.get(LIST).content.decode()) == may


def test_another_organisation_sees_nothing(acme, mei, stranger, control):
    pack = asked(acme, mei, control)
    assert stranger.client.get(LIST).status_code == 404
    assert stranger.client.get(f"/o/borealis/evidence/packs/{pack.pk}/download/").status_code == 404


def test_one_that_is_not_ready_leads_back_to_the_list(acme, mei, control):
    pack = asked(acme, mei, control)
    answer = mei.client.get(f"{LIST}{pack.pk}/download/", follow=True)
    assert "This pack is not ready" in answer.content.decode()


def test_one_whose_worker_died_is_taken_up_again_and_given_up_in_the_end(acme, mei, control):
    pack = asked(acme, mei, control)
    with scope(acme):
        Pack.objects.update(state="running", lease_until=now() - timedelta(seconds=1))
        assert list(packs_to_wake()) == [pack.pk]
        Pack.objects.update(created_at=now() - services.GIVE_UP - timedelta(minutes=1))
    make_pack(organization_id=acme.pk, pack_id=pack.pk)
    assert "again and again" in fresh(acme, pack).message


def test_one_that_another_holds_is_left_alone(acme, mei, control):
    pack = asked(acme, mei, control)
    with scope(acme):
        Pack.objects.update(state="running", lease_until=now() + timedelta(minutes=1))
        assert list(packs_to_wake()) == []
    make_pack(organization_id=acme.pk, pack_id=pack.pk)
    assert fresh(acme, pack).state == "running"


def test_a_worker_that_lost_its_lease_writes_nothing(acme, mei, control):
    pack = asked(acme, mei, control)
    with scope(acme):
        held = services._claim(pack.pk)
        Pack.objects.update(lease_until=now() + timedelta(hours=1))
    with scope(acme), pytest.raises(services.LeaseLost):
        services._hold(held, 1, 2)
    services._fail(acme.pk, held, "Late.")
    assert fresh(acme, pack).state == "running"


def test_one_of_what_was_deleted_meanwhile_says_so(acme, mei, control):
    pack = asked(acme, mei, control)
    with scope(acme):
        Pack.objects.update(kind="programme")
    make_pack(organization_id=acme.pk, pack_id=pack.pk)
    found = fresh(acme, pack)
    assert (found.state, found.message) == ("failed", "It is not there any more.")


def test_without_evidence_it_says_that_there_is_none(acme, mei):
    with scope(acme):
        control = make_control("AC-07")
    pack = asked(acme, mei, control)
    make_pack(organization_id=acme.pk, pack_id=pack.pk)
    assert fresh(acme, pack).message == "There is no evidence yet that a pack could hold."


def test_while_one_is_under_way_the_list_asks_for_itself(acme, mei, control):
    pack = asked(acme, mei, control)
    with scope(acme):
        Pack.objects.update(state="running", items=40, total=120, lease_until=now() + timedelta(minutes=1))
    page = mei.client.get(LIST).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert '<progress max="120" value="40" aria-label="40 of 120 leaves">' in page
    part = mei.client.get(LIST, headers={"HX-Request": "true", "HX-Target": "packs"}).content.decode()
    assert part.lstrip().startswith('<div id="packs"')
    assert pack.title in part


# --- Through the API --------------------------------------------------------------------------------------------------


@pytest.fixture()
def api(acme, mei, token_of, client) -> Any:
    token = token_of(acme, Permission.PACK_VIEW, Permission.PACK_MAKE, created_by=mei.membership)

    def call(method: str, path: str, body: Any = None) -> Any:
        return getattr(client, method)(
            f"/api/v1/packs/{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )

    return call


def test_a_program_asks_looks_and_downloads(acme, control, api):
    answer = api("post", "", {"kind": "control", "subject": str(control.pk)})
    assert answer.status_code == 202, answer.content
    pack = answer.json()
    assert (pack["state"], pack["ref"]) == ("due", "AC-07")
    assert api("get", f"{pack['id']}/content/").status_code == 404
    make_pack(organization_id=acme.pk, pack_id=pack["id"])
    assert api("get", f"{pack['id']}/").json()["state"] == "ready"
    assert [each["id"] for each in api("get", "?state=ready").json()["results"]] == [pack["id"]]
    got = api("get", f"{pack['id']}/content/")
    assert io.BytesIO(b"".join(got.streaming_content)).read(4) == b"PK\x03\x04"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "control", "subject": "x"}, "subject"),
        ({"kind": "all", "subject": "0198a000-0000-7000-8000-000000000001"}, "kind"),
        ({}, "kind"),
    ],
)
def test_a_program_is_told_what_is_wrong(api, body, field):
    answer = api("post", "", body)
    assert answer.status_code == 400
    assert field in answer.content.decode()


def test_of_what_is_not_here_a_program_gets_404(api):
    assert api("post", "", {"kind": "control", "subject": "0198a000-0000-7000-8000-000000000001"}).status_code == 404


def test_a_program_needs_the_scope(acme, control, client, token_of):
    token = token_of(acme, Permission.PACK_VIEW)
    body = {"kind": "control", "subject": str(control.pk)}
    answer = client.post(
        "/api/v1/packs/", body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 403
