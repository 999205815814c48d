"""What was found of a version stands beside it, is answered by who brought it, and is read by who judges it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.reading.models import LintAnswer, LintFinding
from evidence.reading.services import read_version
from tests.factories import files
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement

pytestmark = pytest.mark.django_db


@pytest.fixture()
def version(acme, mei, jonas):
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control(owner=jonas.membership))
        made = bring(jonas, requirement, content=files.png(), filename="screen.png", media_type="image/png")
        read_version(actor=SYSTEM, version=made)
        return made


def answer(person, version, text):
    with scope(version.organization_id):
        finding = LintFinding.objects.get(version=version)
    return person.client.post(reverse("evidence:answer", args=["acme", finding.pk]), {"text": text})


def page(person, version):
    return person.client.get(reverse("evidence:artefact", args=["acme", version.artefact_id])).content.decode()


def test_the_provider_answers_and_the_reviewer_reads_it(acme, jonas, femi, version):
    assert "does it show the date and the system?" in page(femi, version)
    assert "Not answered" in page(femi, version)
    assert answer(jonas, version, "The clock at the right upper corner shows 31 October.").status_code == 302
    told = page(femi, version)
    assert "The clock at the right upper corner" in told
    assert "1 thing that an auditor may bounce stands" in told
    with scope(acme):
        assert Entry.objects.filter(action="evidence.lint.answered", actor_label="Jonas Lindqvist").exists()


def test_an_answer_without_words_is_refused_beside_its_finding(acme, jonas, version):
    refused = answer(jonas, version, "  ")
    assert refused.status_code == 422
    assert b"Say why it is right as it is" in refused.content


def test_another_owner_does_not_answer_for_the_provider(priya, femi, noor, stranger, version):
    assert answer(priya, version, "It is fine.").status_code == 403
    assert answer(femi, version, "It is fine.").status_code == 403
    assert answer(noor, version, "It is fine.").status_code == 403
    assert answer(stranger, version, "It is fine.").status_code == 404


def test_findings_and_answers_only_grow(acme, jonas, version):
    answer(jonas, version, "The clock shows it.")
    with scope(acme):
        for model in (LintFinding, LintAnswer):
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.all().delete()
