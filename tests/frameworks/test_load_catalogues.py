"""What is shipped is loaded once, read by every organisation, written by none, and corrected in place."""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from compliance.frameworks.catalogue import Catalogue, CatalogueError, requirement_id, shipped
from compliance.frameworks.crosswalk import Crosswalk as Relations
from compliance.frameworks.crosswalk import read_crosswalk
from compliance.frameworks.loading import Loaded, load_catalogues
from compliance.frameworks.models import Crosswalk, Framework, Requirement
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry

pytestmark = pytest.mark.django_db

CATALOGUES = shipped()
RELATIONS = read_crosswalk(CATALOGUES)
CSF = next(one for one in CATALOGUES if one.id == "nist-csf-2.0")
FIRST = requirement_id(CSF.id, CSF.version, "GV.OC-01")


def loaded(*changed: Catalogue, relations: Relations = RELATIONS) -> Loaded:
    by_id = {one.id: one for one in CATALOGUES} | {one.id: one for one in changed}
    return load_catalogues(catalogues=list(by_id.values()), relations=relations)


def reworded(text: str) -> Catalogue:
    rows = [replace(row, text=text) if row.ref == "GV.OC-01" else row for row in CSF.requirements]
    return replace(CSF, requirements=tuple(rows))


def test_everything_is_there_for_every_organisation(acme: Organization) -> None:
    load_catalogues()
    with scope(acme):
        assert Framework.objects.count() == 5
        assert Requirement.objects.count() == 808
        assert Crosswalk.objects.count() == 1293
        row = Requirement.objects.get(pk=FIRST)
        assert (row.parent.ref, row.framework.short_title, row.assessable) == ("GV.OC", "NIST CSF 2.0", True)
        assert list(Framework.objects.filter(all_clauses_loaded=False).values_list("key", flat=True)) == [
            "iso27701-2025"
        ]


def test_a_second_run_changes_nothing() -> None:
    load_catalogues()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = load_catalogues()
    assert again == Loaded(unchanged=5 + 808 + 1293)
    assert len(queries) <= 12
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_it_loads_into_an_empty_room_in_few_queries() -> None:
    with scope(NIL):
        Crosswalk.objects.all().delete()
        Requirement.objects.all().delete()
        Framework.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        assert load_catalogues().created == 5 + 808 + 1293
    assert len(queries) <= 25


def test_a_corrected_text_is_corrected_in_place() -> None:
    load_catalogues()
    assert loaded(reworded("In other words.")) == Loaded(updated=1, unchanged=5 + 808 + 1293 - 1)
    with scope(NIL):
        assert Requirement.objects.get(pk=FIRST).text == "In other words."
        assert Requirement.objects.count() == 808


def test_a_new_version_stands_beside_the_old_one() -> None:
    load_catalogues()
    newer = replace(CSF, version="2.1")
    assert load_catalogues(catalogues=[newer]).created == 1 + 134
    with scope(NIL):
        assert set(Framework.objects.filter(key=CSF.id).values_list("version", flat=True)) == {CSF.version, "2.1"}
        assert Requirement.objects.filter(ref="GV.OC-01").count() == 2


def test_a_row_that_is_no_longer_listed_stays() -> None:
    load_catalogues()
    shorter = replace(CSF, requirements=tuple(row for row in CSF.requirements if row.ref != "GV.OC-01"))
    relations = replace(RELATIONS, rows=tuple(row for row in RELATIONS.rows if (CSF.id, "GV.OC-01") not in row.ends))
    found = loaded(shorter, relations=relations)
    assert found.unlisted == 1
    assert found.deleted == len(RELATIONS.rows) - len(relations.rows) > 0
    with scope(NIL):
        assert Requirement.objects.filter(pk=FIRST).exists()


def test_an_organisations_own_framework_is_left_alone(acme: Organization) -> None:
    with scope(acme):
        own = Framework.objects.create(
            key=CSF.id, version=CSF.version, title="Ours", short_title="Ours", publisher="We"
        )
        Requirement.objects.create(
            framework=own, ref="GV.OC-01", position=0, level="x", assessable=True, title="Ours", text="Ours"
        )
    loaded(reworded("In other words."))
    with scope(acme):
        assert Framework.objects.get(pk=own.pk).title == "Ours"
        assert Requirement.objects.get(framework=own).text == "Ours"


def test_no_organisation_can_write_what_is_shipped(acme: Organization) -> None:
    load_catalogues()
    with scope(acme):
        assert Requirement.objects.filter(pk=FIRST).update(text="Mine") == 0
        assert Framework.objects.filter(organization_id=NIL).delete()[0] == 0
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            Framework.objects.create(
                organization_id=NIL, key="x", version="1", title="x", short_title="x", publisher="x"
            )


def test_an_unsound_file_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    load_catalogues()

    def refuse() -> list[Catalogue]:
        raise CatalogueError("broken.yaml", ["no title"])

    monkeypatch.setattr("compliance.frameworks.catalogue.shipped", refuse)
    with pytest.raises(Exception, match="broken.yaml cannot be loaded:\nno title"):
        call_command("load_catalogues")
    with scope(NIL):
        assert Requirement.objects.count() == 808


def test_it_leaves_a_trail_when_something_changed_and_only_then(capsys: pytest.CaptureFixture[str]) -> None:
    load_catalogues()
    with scope(NIL):
        before = Entry.objects.filter(action="frameworks.catalogues.loaded").count()
    call_command("load_catalogues")
    with scope(NIL):
        assert Entry.objects.filter(action="frameworks.catalogues.loaded").count() == before
    loaded(reworded("In other words."))
    with scope(NIL):
        assert Entry.objects.filter(action="frameworks.catalogues.loaded").count() == before + 1
    assert capsys.readouterr().out == "Catalogues: 0 new, 0 corrected, 0 withdrawn, 2106 as they were.\n"
