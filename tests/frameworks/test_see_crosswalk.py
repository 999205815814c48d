"""The crosswalk: how far one framework covers another, requirement by requirement, and what has no relation."""

from __future__ import annotations

from compliance.frameworks.coverage import Cover, covered, share_of
from compliance.frameworks.models import Crosswalk, Framework, Relation, Requirement
from compliance.frameworks.selectors import relations_between, requirements_of
from compliance.frameworks.sources import _WORDS, in_words
from compliance.tenancy.rooms import scope
from tests.factories.compliance import framework
from tests.frameworks.test_load_library import TREE, library, load, node


def found(of, by):
    relations = relations_between(of, by).select_related("source", "target")
    return covered(list(requirements_of(of).filter(assessable=True)), relations)


def test_only_equal_and_containing_requirements_are_proposed(room):
    """Counted by hand from the shipped relations, read towards ISO 27001."""
    soc2, iso = framework(), framework("iso27001")
    rows = Crosswalk.objects.filter(source__framework=soc2, target__framework=iso, target__assessable=True)
    proposed = set(rows.filter(relation__in=["equal", "superset"]).values_list("target_id", flat=True))
    related = set(rows.values_list("target_id", flat=True))
    share = share_of(found(iso, soc2))
    assert (share.asked, share.proposed, share.candidate) == (123, len(proposed), len(related - proposed))
    assert share.proposed + share.candidate + share.none == share.asked


def test_it_reads_otherwise_the_other_way_round(room):
    soc2, iso = framework(), framework("iso27001")
    row = Crosswalk.objects.filter(source__framework=soc2, target__framework=iso, relation=Relation.SUPERSET)[0]
    there = {each.requirement.pk: each for each in found(iso, soc2)}
    back = {each.requirement.pk: each for each in found(soc2, iso)}
    assert Relation.SUPERSET in {side.relation for side in there[row.target_id].sides}
    assert Relation.SUBSET in {
        side.relation for side in back[row.source_id].sides if side.requirement.pk == row.target_id
    }


def test_every_pair_leads_to_its_list(acme, mei):
    with scope(acme):
        soc2, iso = framework(), framework("iso27001")
        share = share_of(found(iso, soc2))
    page = mei.client.get("/o/acme/frameworks/crosswalk/").content.decode()
    assert f'<a href="?of={iso.pk}&amp;by={soc2.pk}">{share.proposed}<' in page
    listed = mei.client.get(f"/o/acme/frameworks/crosswalk/?of={iso.pk}&by={soc2.pk}&show=proposed").content.decode()
    assert listed.count("<td>Proposed</td>") == share.proposed
    assert "<td>Candidate</td>" not in listed


def test_what_has_no_relation_is_listed_as_a_gap(acme, mei):
    with scope(acme):
        soc2, iso = framework(), framework("iso27001")
        none = [each.requirement.ref for each in found(iso, soc2) if each.cover == Cover.NONE]
    page = mei.client.get(f"/o/acme/frameworks/crosswalk/?of={iso.pk}&by={soc2.pk}&show=none").content.decode()
    assert page.count("<td>No relation</td>") == len(none) > 0


def test_ends_of_an_imported_mapping_that_were_not_found_are_listed(acme, mei):
    from compliance.frameworks.services.bring import bring_file, load_draft

    pairs = [{
        "source_requirement_urn": "urn:acme:risk:req_node:acme-rules:9.9",
        "target_requirement_urn": "urn:intuitem:risk:req_node:iso27001-2022:a.5.18", "relationship": "equal",
    }]  # fmt: skip
    mapping = {
        "urn": "m", "source_framework_urn": "urn:acme:risk:framework:acme-rules",
        "target_framework_urn": "urn:intuitem:risk:framework:iso27001-2022", "requirement_mappings": pairs,
    }  # fmt: skip
    with scope(acme):
        [own] = load(mei, library(TREE)).frameworks
        content = library([node("Z", ref="other")], ref="other", requirement_mapping_set=mapping)
        load_draft(actor=mei.actor, draft=bring_file(actor=mei.actor, name="m.yaml", content=content))
        iso = Framework.objects.get(key="iso27001-2022")
    page = mei.client.get(f"/o/acme/frameworks/crosswalk/?of={iso.pk}&by={own.pk}").content.decode()
    assert "There is no requirement urn:acme:risk:req_node:acme-rules:9.9." in page


def test_words_that_are_no_ids_are_not_found(acme, mei):
    assert mei.client.get("/o/acme/frameworks/crosswalk/?of=x&by=y").status_code == 404


def test_every_source_of_the_shipped_relations_has_words(room):
    used = {source.partition("#")[0] for each in Crosswalk.objects.values_list("sources", flat=True) for source in each}
    assert used <= set(_WORDS)
    assert in_words(["own-analysis", "adobe-ccf-v5-transitive#section"]) == [
        "our reading of both texts", "both meet one Adobe CCF control (by section)",
    ]  # fmt: skip


def test_a_relation_of_ones_own_may_join_a_shipped_requirement_and_another_room_does_not_see_it(acme, borealis, mei):
    with scope(acme):
        [own] = load(mei, library(TREE)).frameworks
        row, target = (
            own.requirements.get(ref="1.1"),
            Requirement.objects.get(framework__key="iso27001-2022", ref="A.5.16"),
        )
        made = Crosswalk.objects.create(
            source=row, source_owner_id=row.organization_id, target=target, relation="equal", confidence="stated"
        )
    with scope(borealis):
        assert not Crosswalk.objects.filter(pk=made.pk).exists()
