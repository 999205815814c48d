"""An evidence pack is shared with the auditors of one audit: they list and download it, and nobody else does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from audits.models import PortalOpening, Seat, SharedPack
from audits.services import issue_audit, share_pack
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control, Mapping
from evidence.packs.models import Pack
from tests.house.world import World, furnish

SHARE = "/o/acme/audits/{}/packs/share/"


@pytest.fixture()
def world(acme, mei) -> World:
    return furnish(acme, mei.membership, "acme")


@pytest.fixture()
def auditor(world) -> Client:
    client = Client()
    client.force_login(world.seat_user)
    return client


def at(world: World, name: str, *more: object) -> str:
    return reverse(f"portal:{name}", args=["acme", world["audit"].pk, *more])


def ready(world: World, **fields: Any) -> Pack:
    """Another finished pack, like the one that is ready."""
    like = world["ready_pack"]
    same = {name: getattr(like, name) for name in ("kind", "subject", "ref", "requested_by", "state", "filename", "sha256", "size")}
    return Pack.objects.create(title="Another", **same | fields)


def test_the_manager_shares_a_finished_pack_and_the_trail_says_so(acme, mei, world, auditor):
    url, pack = SHARE.format(world["audit"].pk), world["ready_pack"]
    assert "acme finished pack" in mei.client.get(url).content.decode()
    page = mei.client.post(url, {"pack": str(pack.pk)}, follow=True).content.decode()
    assert "acme finished pack is in the portal of AUD-901" in page
    with scope(acme):
        entry = Entry.objects.filter(action="audits.pack.shared").get()
    assert (entry.target_id, entry.after["sha256"]) == (world["audit"].pk, pack.sha256)
    assert "acme finished pack" in auditor.get(at(world, "packs")).content.decode()
    assert "acme finished pack" not in mei.client.get(url).content.decode()


def test_sharing_twice_is_once(acme, mei, world):
    with scope(acme):
        first = share_pack(actor=mei.actor, audit=world["audit"], pack=world["ready_pack"])
        assert share_pack(actor=mei.actor, audit=world["audit"], pack=world["ready_pack"]) == first
        assert Entry.objects.filter(action="audits.pack.shared").count() == 1


def test_the_auditor_downloads_it_and_which_one_stays_hidden_until_the_issue(acme, mei, world, auditor):
    answer = auditor.get(at(world, "pack_download", world["shared_pack"].pk))
    assert b"".join(answer.streaming_content) == b"acme zip"
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/zip", "nosniff")
    assert "attachment" in answer["Content-Disposition"]
    with scope(acme):
        opening = PortalOpening.objects.get(item_type="pack")
        assert (opening.act, opening.item_id) == ("downloaded", world["shared_pack"].pack_id)
        assert not Entry.objects.filter(action="evidence_packs.pack.downloaded").exists()


def test_a_pack_that_was_not_shared_with_this_audit_is_not_there(acme, world, auditor):
    with scope(acme):
        audit = world["audit"]
        audit.pk, audit.ref, audit._state.adding = None, "AUD-902", True
        audit.save()
        theirs = SharedPack.objects.create(audit=audit, pack=world["ready_pack"], shared_by="Mei")
    elsewhere = reverse("portal:packs", args=["acme", audit.pk])
    own = reverse("portal:pack_download", args=["acme", world["shared_pack"].audit_id, theirs.pk])
    assert auditor.get(elsewhere).status_code == 404
    assert auditor.get(own).status_code == 404
    assert b"finished pack" not in auditor.get(reverse("portal:packs", args=["acme", world["shared_pack"].audit_id])).content


def test_once_the_seat_is_over_nothing_is_there(acme, world, auditor):
    with scope(acme):
        Seat.objects.filter(pk=world["seat"].pk).update(starts_on=today() - timedelta(days=9), until=today() - timedelta(days=1))
    for url in (at(world, "packs"), at(world, "pack_download", world["shared_pack"].pk)):
        assert auditor.get(url).status_code == 404


def test_strangers_and_members_find_nothing(world, mei, stranger, outsider):
    for who in (mei, stranger, outsider):
        assert who.client.get(at(world, "pack_download", world["shared_pack"].pk)).status_code == 404


def test_a_pack_that_reaches_further_than_the_audit_is_refused(acme, mei, world):
    with scope(acme):
        far = [
            ready(world, subject=world["iso_programme"].pk), ready(world, state="running"),
            ready(world, kind="control", subject=Control.objects.create(ref="X-99", title="Unmapped").pk),
        ]  # fmt: skip
        for pack in far:
            with pytest.raises(ValidationError, match="reaches further"):
                share_pack(actor=mei.actor, audit=world["audit"], pack=pack)
    page = mei.client.post(SHARE.format(world["audit"].pk), {"pack": str(far[0].pk)})
    assert page.status_code == 422
    assert "cannot be shared with this audit" in page.content.decode()


def test_a_pack_of_a_criterion_or_a_control_of_the_programme_may_be_shared(acme, mei, world):
    with scope(acme):
        Mapping.objects.get_or_create(control=world["control"], requirement=world["requirement"])
        for kind, subject in (("criterion", world["requirement"].pk), ("control", world["control"].pk)):
            share_pack(actor=mei.actor, audit=world["audit"], pack=ready(world, kind=kind, subject=subject))


def test_who_does_not_manage_audits_cannot_share(acme, jonas, world):
    assert jonas.client.post(SHARE.format(world["audit"].pk), {"pack": str(world["ready_pack"].pk)}).status_code == 403
    with scope(acme), pytest.raises(PermissionDenied):
        share_pack(actor=jonas.actor, audit=world["audit"], pack=world["ready_pack"])


def test_after_the_issue_nothing_is_added(acme, mei, world):
    with scope(acme):
        Seat.objects.filter(pk=world["seat"].pk).update(revoked_at=now())
        issue_audit(actor=mei.actor, audit=world["audit"])
        with pytest.raises(ValidationError, match="issued"):
            share_pack(actor=mei.actor, audit=world["audit"], pack=world["ready_pack"])


def test_the_api_shares_and_lists(acme, mei, world, token_of):
    client = Client(headers={"Authorization": f"Bearer {token_of(acme, 'audits:audit:view', 'audits:audit:manage')}"})
    url = f"/api/v1/audits/{world['audit'].pk}/packs/"
    made = client.post(url, {"pack": str(world["ready_pack"].pk)}, content_type="application/json")
    assert made.status_code == 201, made.content
    assert [each["pack"]["title"] for each in client.get(url).json()["results"]] == ["acme finished pack", "acme shared pack"]
