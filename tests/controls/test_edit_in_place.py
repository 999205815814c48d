"""A control edited in its row of the matrix: with and without script, beside somebody else's change, with what is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control
from controls.services.change import change_control, fingerprint
from tests.factories.controls import make_control, map_to

MATRIX = reverse("controls:matrix", args=["acme"])


@pytest.fixture()
def control(acme, soc2_programme, jonas):
    with scope(acme):
        control = make_control(owner=jonas.membership)
        map_to(control, "CC6.1", "CC6.3")
        return control


def put(person, control, query="series=CC6&mode=edit", **fields):
    address = reverse("controls:edit", args=["acme", control.pk])
    asked = {
        "owner": str(control.owner_id or ""), "frequency": "quarterly", "implementation": "implemented", "starts_on": "",
        "key": "on", "seen": fingerprint(control),
    }  # fmt: skip
    return person.client.post(f"{address}?{query}", {name: value for name, value in (asked | fields).items() if value is not None})


def test_a_row_opens_where_it_was_asked_for_and_nowhere_else(mei, control):
    content = mei.client.get(f"{MATRIX}?series=CC6&edit=AC-07&under=CC6.3").content.decode()
    assert content.count('class="edit-row"') == 1
    assert content.index("<b>CC6.3</b>") < content.index('class="edit-row"')
    without = mei.client.get(f"{MATRIX}?series=CC6&edit=AC-07").content.decode()
    assert without.index('class="edit-row"') < without.index("<b>CC6.3</b>")


def test_what_is_put_in_is_kept_and_the_person_stays_where_they_were(acme, mei, priya, control):
    answer = put(mei, control, owner=str(priya.membership.pk), frequency="monthly", starts_on="2026-03-01", key=None)
    assert answer["Location"] == f"{MATRIX}?series=CC6&mode=edit"
    with scope(acme):
        changed = Control.objects.get()
        assert (changed.owner, changed.frequency, changed.starts_on, changed.key) == (
            priya.membership, "monthly", date(2026, 3, 1), False,
        )  # fmt: skip
        [entry] = Entry.objects.filter(action="controls.control.changed")
    assert set(entry.after) == {"owner", "frequency", "starts_on", "key"}


def test_what_is_the_same_writes_nothing(acme, mei, control):
    assert put(mei, control).status_code == 302
    with scope(acme):
        assert not Entry.objects.filter(action="controls.control.changed").exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("starts_on", "soon", "Write the day as 2026-11-30."), ("frequency", "hourly", "Select a valid choice"),
        ("implementation", "retired", "Select a valid choice"), ("owner", "00000000-0000-0000-0000-000000000001", "Select a valid choice"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(acme, mei, control, field, value, said):
    answer = put(mei, control, **{"starts_on": "2026-04-01"} | {field: value})
    content = answer.content.decode()
    assert answer.status_code == 422
    assert said in content[content.index(f'id="row_{field}_error"') :][:400]
    assert field == "starts_on" or 'value="2026-04-01"' in content
    with scope(acme):
        assert Control.objects.get().starts_on is None


def test_somebody_elses_change_is_shown_beside_ones_own_and_may_be_put_over(acme, mei, priya, control):
    with scope(acme):
        change_control(actor=priya.actor, control=control, frequency="annual")
    answer = put(mei, control, frequency="monthly")
    content = answer.content.decode()
    assert answer.status_code == 409
    assert "AC-07 was changed by somebody else in the meantime." in content
    assert "It now says: Annual." in content
    assert '<option value="monthly" selected>' in content
    with scope(acme):
        present = Control.objects.get()
        assert present.frequency == "annual"
        seen = fingerprint(present)
    assert f'value="{seen}"' in content
    assert put(mei, control, frequency="monthly", seen=seen).status_code == 302
    with scope(acme):
        assert Control.objects.get().frequency == "monthly"


def test_an_owner_who_has_left_stays_until_another_is_named(acme, mei, jonas, control):
    with scope(acme):
        type(jonas.membership).objects.filter(pk=jonas.membership.pk).update(ended_at="2026-01-01T00:00:00Z")
    assert f'<option value="{jonas.membership.pk}" selected>' in mei.client.get(f"{MATRIX}?edit=AC-07").content.decode()
    assert put(mei, control, key=None).status_code == 302
    with scope(acme):
        assert (Control.objects.get().owner_id, Control.objects.get().key) == (jonas.membership.pk, False)


def test_a_retired_control_keeps_its_state_in_the_row(acme, mei, control):
    with scope(acme):
        Control.objects.update(implementation="retired")
        retired = Control.objects.get()
    content = mei.client.get(f"{MATRIX}?implementation=retired&edit=AC-07").content.decode()
    assert 'name="implementation" id="row' not in content
    assert put(mei, retired, frequency="annual").status_code == 302
    with scope(acme):
        assert Control.objects.get().implementation == "retired"


def test_htmx_gets_the_workspace_with_the_row_or_without_it(mei, control):
    headers = {"HX-Request": "true", "HX-Target": "workspace"}
    opened = mei.client.get(f"{MATRIX}?series=CC6&edit=AC-07", headers=headers)
    assert opened.content.decode().strip().startswith('<div class="work" id="workspace"')
    address = reverse("controls:edit", args=["acme", control.pk])
    refused = mei.client.post(f"{address}?series=CC6", {"starts_on": "soon"}, headers=headers)
    assert refused.status_code == 422
    assert refused.content.decode().strip().startswith('<div class="work" id="workspace"')


def test_who_may_only_look_gets_no_way_in(mei, jonas, control):
    assert 'class="edit-row"' not in jonas.client.get(f"{MATRIX}?edit=AC-07").content.decode()
    assert b'data-col="change"' not in jonas.client.get(f"{MATRIX}?mode=edit").content
    assert put(jonas, control, frequency="monthly").status_code == 403


def test_a_control_that_is_not_there_cannot_be_opened(mei, control):
    assert mei.client.get(f"{MATRIX}?edit=ZZ-99").status_code == 404
