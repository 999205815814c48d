"""Adopting the starter set on one page: families, owners, the day from which it counts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control
from evidence.models import EvidenceRequirement

pytestmark = pytest.mark.django_db
ADOPT = reverse("evidence:adopt", args=["acme"])


def role_field(client, role):
    """The name of the field for a role."""
    form = client.get(ADOPT).context["form"]
    return next(bound.html_name for bound in form.role_fields if bound.label == role)


def test_the_chosen_families_come_with_owners_and_with_what_they_must_show(acme, mei, jonas):
    lead = role_field(mei.client, "Security lead")
    answer = mei.client.post(
        ADOPT, {"families": ["AC", "CR"], lead: jonas.membership.pk, "starts_on": "2026-02-01", "implementation": "implemented"}
    )
    assert answer.headers["Location"] == reverse("controls:matrix", args=["acme"])
    with scope(acme):
        assert {ref[:2] for ref in Control.objects.values_list("ref", flat=True)} == {"AC", "CR"}
        control = Control.objects.get(ref="AC-01")
        assert (control.owner_id, control.implementation, str(control.starts_on)) == (jonas.membership.pk, "implemented", "2026-02-01")
        assert EvidenceRequirement.objects.filter(control=control).count() == 3
        assert Entry.objects.filter(action="controls.control.adopted", actor_label="Mei-Ling Chu").count() == Control.objects.count()


def test_adopting_again_offers_what_is_left_and_touches_nothing(acme, mei):
    mei.client.post(ADOPT, {"families": ["AC"], "implementation": "planned"})
    with scope(acme):
        Control.objects.filter(ref="AC-01").update(title="Ours")
    form = mei.client.get(ADOPT).context["form"]
    assert "AC" not in dict(form.fields["families"].choices)
    mei.client.post(ADOPT, {"families": list(dict(form.fields["families"].choices)), "implementation": "planned"})
    with scope(acme):
        assert Control.objects.count() == 90
        assert Control.objects.get(ref="AC-01").title == "Ours"
    assert b"You have all of it" in mei.client.get(ADOPT).content


def test_no_family_is_no_adoption(acme, mei):
    answer = mei.client.post(ADOPT, {"implementation": "planned"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["families"] == ["Choose at least one family."]


@pytest.mark.parametrize("who", ["jonas", "ada", "femi", "noor"])
def test_a_role_without_the_right_is_refused(acme, request, who):
    client = request.getfixturevalue(who).client
    assert client.get(ADOPT).status_code == 403
    assert client.post(ADOPT, {"families": ["AC"], "implementation": "planned"}).status_code == 403


def test_another_organisation_is_not_reached(acme, stranger):
    assert stranger.client.post(ADOPT, {"families": ["AC"], "implementation": "planned"}).status_code == 404
    with scope(acme):
        assert not Control.objects.exists()


def test_nobody_of_another_organisation_can_be_named(acme, mei, stranger):
    lead = role_field(mei.client, "Security lead")
    answer = mei.client.post(ADOPT, {"families": ["AC"], lead: stranger.membership.pk, "implementation": "planned"})
    assert answer.status_code == 422
    with scope(acme):
        assert not Control.objects.exists()
