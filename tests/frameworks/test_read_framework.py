"""The pages of frameworks: every requirement in its order, and how one relates to those of others."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.frameworks.models import Crosswalk, Framework, Relation, Requirement
from compliance.frameworks.reading import related_by_framework
from compliance.frameworks.selectors import relations_of
from compliance.tenancy.rooms import scope
from tests.factories.compliance import framework


def test_every_shipped_framework_is_listed(mei):
    page = mei.client.get("/o/acme/frameworks/").content.decode()
    for title in ("SOC 2", "ISO 27001", "PCI DSS", "NIST CSF 2.0", "ISO 27701"):
        assert title in page
    assert "Not all clauses are listed" in page


def test_its_requirements_stand_in_the_publishers_order_with_their_text(acme, mei):
    with scope(acme):
        soc2 = framework()
        cc61 = Requirement.objects.get(framework=soc2, ref="CC6.1")
    page = mei.client.get(f"/o/acme/frameworks/{soc2.pk}/").content.decode()
    assert page.index("CC1.1") < page.index("CC2.1") < page.index("CC6.1") < page.index("A1.1")
    assert cc61.text[:60] in page


def test_one_requirement_lies_beside_the_list_with_its_relations(acme, mei):
    with scope(acme):
        soc2 = framework()
        cc61 = Requirement.objects.get(framework=soc2, ref="CC6.1")
        expected = relations_of(cc61).count()
    page = mei.client.get(f"/o/acme/frameworks/{soc2.pk}/?at=CC6.1").content.decode()
    beside = page[page.index('<aside class="side"') :]
    assert beside.count("confidence ") == expected > 0
    assert "ISO 27001" in beside


def test_a_relation_reads_the_same_from_both_ends(room):
    row = Crosswalk.objects.filter(relation=Relation.SUBSET).select_related("source__framework", "target__framework")[0]
    there = related_by_framework(row.source, [row])[row.target.framework][0]
    back = related_by_framework(row.target, [row])[row.source.framework][0]
    assert (there.relation, back.relation) == (Relation.SUBSET, Relation.SUPERSET)


def test_it_is_searched_by_reference_and_by_words(acme, mei):
    with scope(acme):
        url = f"/o/acme/frameworks/{framework('pci-dss').pk}/"
    page = mei.client.get(f"{url}?q=8.3.1").content.decode()
    assert "8.3.10" in page
    assert "1.1.1" not in page
    assert "No requirement has these words" in mei.client.get(f"{url}?q=zeppelin").content.decode()


def test_a_requirement_that_is_not_there_is_not_found(acme, mei):
    with scope(acme):
        url = f"/o/acme/frameworks/{framework().pk}/"
    assert mei.client.get(f"{url}?at=CC99.9").status_code == 404


def test_its_queries_do_not_grow_with_requirements(acme, mei):
    with scope(acme):
        small, large = framework("iso27701"), framework("pci-dss")
    counts = []
    for each in (small, small, large):
        with CaptureQueriesContext(connection) as queries:
            mei.client.get(f"/o/acme/frameworks/{each.pk}/")
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_an_employee_is_refused(acme, noor):
    assert noor.client.get("/o/acme/frameworks/").status_code == 403


def test_a_framework_of_another_organisation_is_not_seen(acme, mei, borealis, stranger):
    with scope(borealis):
        own = Framework.objects.create(
            key="own", version="1", title="Borealis house rules", short_title="House rules", publisher="Borealis"
        )
    assert b"House rules" in stranger.client.get("/o/borealis/frameworks/").content
    assert b"House rules" not in mei.client.get("/o/acme/frameworks/").content
    assert mei.client.get(f"/o/acme/frameworks/{own.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["ada", "jonas", "femi"])
def test_the_other_roles_read_them(acme, who, request):
    assert request.getfixturevalue(who).client.get("/o/acme/frameworks/").status_code == 200
