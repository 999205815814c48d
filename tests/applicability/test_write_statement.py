"""Writing a statement of applicability: rows, drivers, exclusions, facts, proposals, signatures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from compliance.desk.registry import digest_for, items_for
from compliance.frameworks.models import Framework, Requirement
from compliance.parties.models import Party
from compliance.registers.models import System
from compliance.registers.services import decide_scope
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.applicability.models import Row, SignOff, Statement
from controls.applicability.reading import present_rows
from controls.applicability.services import (
    RowConflict,
    determine_climate,
    include_proposed,
    sign_rows,
    statement_for,
    write_row,
    write_rows,
)
from tests.applicability.conftest import WHY, exclude, make_statement, map_one, row_of
from tests.factories.compliance import framework, make_programme, make_system


def shown(statement, ref):
    return next(each for each in present_rows(statement) if each.ref == ref)


def test_it_has_a_row_for_each_of_the_93_controls_and_none_for_a_clause(acme, statement):
    with scope(acme):
        rows = present_rows(statement)
        assert [len(rows), {row.decision for row in rows}] == [93, {"undecided"}]
        assert [rows[0].ref, rows[-1].ref, rows[0].group] == ["A.5.1", "A.8.34", "Organizational"]


def test_begun_twice_it_is_the_same_one(acme, mei, statement, programme):
    with scope(acme):
        assert statement_for(actor=mei.actor, programme=programme) == statement
        assert Row.objects.count() == 93
        assert Entry.objects.filter(action="applicability.statement.begun").count() == 1


def test_iso_27701_has_its_78_and_soc_2_has_none(acme, mei):
    with scope(acme):
        privacy = make_statement(mei, kind="iso_27701", framework=framework("iso27701"))
        assert privacy.rows.count() == 78
        assert {row.group for row in present_rows(privacy)} == {"Controller", "Processor", "Controller and processor"}
        other = make_programme(mei.actor)
        with pytest.raises(ValidationError):
            statement_for(actor=mei.actor, programme=other)
    assert mei.client.get(f"/o/acme/programmes/{other.pk}/applicability/").status_code == 404


def test_a_row_is_written_on_its_page(acme, mei, jonas, statement, url):
    with scope(acme):
        row = row_of(statement, "A.5.1")
    answer = mei.client.post(f"{url}rows/{row.pk}/", {
        "decision": "included", "risk": "R-4, data is lost", "law": "", "contract": "Agreement, 7.2", "interested_party": "",
        "treatment": "Policies are approved each year.", "implementation": "own", "party": "", "owner": jonas.membership.pk,
        "scope_reason": "", "risk_considered": "", "review_on": "", "revision": "0",
    })  # fmt: skip
    assert answer.status_code == 302
    with scope(acme):
        row.refresh_from_db()
        assert row.drivers == {"risk": "R-4, data is lost", "contract": "Agreement, 7.2"}
        assert (row.decision, row.owner, row.revision, row.decided_by) == ("included", jonas.membership, 1, "Mei-Ling Chu")
        entry = Entry.objects.get(action="applicability.row.written")
        assert entry.after["owner"] == "Jonas Lindqvist"
        assert entry.target_label.startswith("A.5.1 ")


@pytest.mark.parametrize("missing", ["scope_reason", "risk_considered", "owner", "review_on"])
def test_an_exclusion_needs_scope_reason_risk_owner_and_review_date(acme, mei, jonas, statement, missing):
    with scope(acme):
        with pytest.raises(ValidationError) as refused:
            exclude(mei, row_of(statement, "A.7.4"), jonas, **{missing: None if missing in ("owner", "review_on") else " "})
        assert missing in refused.value.message_dict
        assert row_of(statement, "A.7.4").decision == "undecided"


def test_the_database_holds_it_too(acme, statement):
    with scope(acme), pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.filter(pk=row_of(statement, "A.7.4").pk).update(decision="excluded")


@pytest.mark.parametrize("reason", ["Not relevant.", "n/a", "nicht anwendbar", "This control is not applicable to us"])
def test_not_relevant_is_no_reason(acme, mei, jonas, statement, url, reason):
    with scope(acme):
        row = row_of(statement, "A.7.4")
    answer = mei.client.post(f"{url}rows/{row.pk}/", {
        "decision": "excluded", "scope_reason": reason, "risk_considered": WHY["risk_considered"], "owner": jonas.membership.pk,
        "review_on": (today() + timedelta(days=100)).isoformat(), "revision": "0",
    })  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "is no reason" in page
    assert reason in page
    with scope(acme):
        assert row_of(statement, "A.7.4").decision == "undecided"


@pytest.mark.parametrize("days", [0, -1, 2000])
def test_a_review_is_to_come_and_within_three_years(acme, mei, jonas, statement, days):
    with scope(acme), pytest.raises(ValidationError) as refused:
        exclude(mei, row_of(statement, "A.7.4"), jonas, days=days)
    assert "review_on" in refused.value.message_dict


def test_shared_and_inherited_need_the_party_and_own_has_none(acme, mei, statement):
    with scope(acme):
        row = row_of(statement, "A.7.4")
        with pytest.raises(ValidationError):
            write_row(actor=mei.actor, row=row, implementation="inherited")
        party = Party.objects.create(system=System.objects.create(ref="SYS-1", kind="third_party", name="Cloud Host"), role="vendor")
        write_row(actor=mei.actor, row=row, implementation="inherited", party=party)
        assert shown(statement, "A.7.4").done_by == "Inherited from Cloud Host"
        assert write_row(actor=mei.actor, row=row, implementation="own").party is None


def test_a_driver_says_which_it_is(acme, mei, statement):
    with scope(acme):
        row = row_of(statement, "A.5.1")
        for wrong in ({"risk": "n/a"}, {"fashion": "Everybody has it."}):
            with pytest.raises(ValidationError):
                write_row(actor=mei.actor, row=row, drivers=wrong)
        assert write_row(actor=mei.actor, row=row, drivers={"risk": "R-1", "law": "  "}).drivers == {"risk": "R-1"}


def test_two_who_write_at_once_lose_nothing(acme, mei, statement, url):
    with scope(acme):
        row = row_of(statement, "A.5.1")
        write_row(actor=mei.actor, row=row, treatment="Mine.")
        with pytest.raises(RowConflict):
            write_row(actor=mei.actor, row=row, revision=0, treatment="Yours.")
    answer = mei.client.post(f"{url}rows/{row.pk}/", {"decision": "undecided", "treatment": "Typed with care.", "revision": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Typed with care." in page
    assert "Mine." in page
    assert 'name="revision" value="1"' in page


def test_a_mapped_control_proposes_and_counts_as_neither_until_confirmed(acme, mei, statement, url):
    with scope(acme):
        map_one()
        assert shown(statement, "A.8.5").is_proposed
        assert shown(statement, "A.8.5").decision == "undecided"
        assert not shown(statement, "A.8.4").is_proposed
    assert "1 undecided row" in mei.client.get(url).content.decode()
    assert mei.client.post(f"{url}include/").status_code == 302
    with scope(acme):
        assert shown(statement, "A.8.5").decision == "included"
        assert Row.objects.filter(decision="included").count() == 1
        assert include_proposed(actor=mei.actor, statement=statement) == []


def test_what_is_in_place_is_read_from_controls(acme, statement):
    with scope(acme):
        control = map_one()
        assert (shown(statement, "A.8.5").in_place, shown(statement, "A.8.5").evidence) == ("implemented", "stale")
        control.implementation = "planned"
        control.save()
        assert shown(statement, "A.8.5").in_place == "planned"
        control.implementation = "retired"
        control.save()
        assert (shown(statement, "A.8.5").in_place, shown(statement, "A.8.5").controls) == ("missing", ())


def test_many_rows_are_changed_at_once(acme, mei, jonas, statement, url):
    with scope(acme):
        rows = [row_of(statement, ref) for ref in ("A.5.1", "A.5.2", "A.5.3")]
        write_row(actor=mei.actor, row=rows[0], drivers={"law": "GDPR, 32"})
    answer = mei.client.post(f"{url}many/?theme=Organizational", {
        "rows": [str(row.pk) for row in rows], "decision": "included", "driver": "contract", "note": "Agreement, 7",
        "implementation": "own", "owner": jonas.membership.pk,
    })  # fmt: skip
    assert answer["Location"] == f"{url}?theme=Organizational"
    with scope(acme):
        first, second = row_of(statement, "A.5.1"), row_of(statement, "A.5.2")
        assert first.drivers == {"law": "GDPR, 32", "contract": "Agreement, 7"}
        assert (second.decision, second.owner, second.implementation) == ("included", jonas.membership, "own")
        assert Entry.objects.filter(action="applicability.row.written").count() == 4


def test_many_rows_are_changed_or_none(acme, mei, statement, url):
    with scope(acme):
        rows = [row_of(statement, ref) for ref in ("A.5.1", "A.5.2")]
        with pytest.raises(ValidationError, match=r"A\.5\.1"):
            write_rows(actor=mei.actor, rows=rows, implementation="shared")
        assert {row.implementation for row in Row.objects.all()} == {""}
    answer = mei.client.post(f"{url}many/", {"rows": [str(rows[0].pk)], "driver": "risk", "note": ""})
    assert answer.status_code == 422
    assert f'value="{rows[0].pk}" checked' in answer.content.decode()


def test_reading_begins_no_statement(acme, mei, jonas):
    with scope(acme):
        fresh = make_programme(
            mei.actor, kind="iso_stage_2", name="ISO of next year", framework=framework("iso27001"), period_start=None, period_end=None
        )
    base = f"/o/acme/programmes/{fresh.pk}/applicability/"
    for path in ("", "lacks/", "climate/", "versions/", "draft.xlsx"):
        assert mei.client.get(base + path).status_code == 200
    assert "The statement is not begun" in mei.client.get(base).content.decode()
    with scope(acme):
        assert not Statement.objects.filter(programme=fresh).exists()
    assert mei.client.get(f"{base}begin/").status_code == 405
    assert jonas.client.post(f"{base}begin/").status_code == 403
    assert mei.client.post(f"{base}begin/").status_code == 302
    assert "not begun" not in mei.client.get(base).content.decode()
    with scope(acme):
        gone = Row.objects.get(statement__programme=fresh, requirement__ref="A.5.1").pk
        Row.objects.filter(pk=gone)._raw_delete("default")  # as the app role may: what only grows is not asked to go with it
    assert "1 control of the annex has no row" in mei.client.get(base).content.decode()
    mei.client.post(f"{base}begin/")
    with scope(acme):
        assert Row.objects.filter(statement__programme=fresh).count() == 93


def test_an_exclusion_comes_back_when_its_review_passes(acme, mei, jonas, statement, url):
    with scope(acme):
        row = exclude(mei, row_of(statement, "A.7.4"), jonas)
        assert shown(statement, "A.7.4").again == ()
        assert not [item for item in items_for(jonas.membership) if item.kind == "applicability"]
        Row.objects.filter(pk=row.pk).update(review_on=today())
        (said,) = shown(statement, "A.7.4").again
        assert said.startswith("Its review was due on")
        (item,) = [item for item in items_for(jonas.membership) if item.kind == "applicability"]
        assert item.ref == "A.7.4"
        assert not [item for item in items_for(mei.membership) if item.kind == "applicability"]
        assert [line.text for line in digest_for(jonas.membership) if "A.7.4" in line.text]
    page = mei.client.get(f"{url}?again=yes").content.decode()
    assert "A.7.4" in page
    assert "A.7.5" not in page


def test_an_exclusion_comes_back_when_the_scope_changes_and_stands_once_looked_at(acme, mei, jonas, statement):
    with scope(acme):
        system = make_system(mei.actor, "Rotterdam office", kind="location")
        exclude(mei, row_of(statement, "A.7.4"), jonas)
        assert shown(statement, "A.7.4").again == ()
        decide_scope(actor=mei.actor, system=system, decision="in", justification="Staff moved in.")
        assert "Rotterdam office" in shown(statement, "A.7.4").again[0]
        row = row_of(statement, "A.7.4")
        write_row(actor=mei.actor, row=row, owner=mei.membership)
        assert shown(statement, "A.7.4").again, "another owner is not another look"
        write_row(actor=mei.actor, row=row, again=True)
        assert shown(statement, "A.7.4").again == ()
        decide_scope(actor=mei.actor, system=system, decision="in", justification="The lease goes on.")
        decide_scope(actor=mei.actor, system=system, decision="out", justification="Staff moved out.")
        assert shown(statement, "A.7.4").again == (), "nothing came into scope"
        decide_scope(actor=mei.actor, system=system, decision="in", justification="And in again.")
        assert shown(statement, "A.7.4").again


def test_an_exclusion_comes_back_when_the_catalogue_touches_it(acme, mei, jonas, statement, programme):
    with scope(acme):
        for ref in ("A.7.4", "A.7.5", "A.7.6"):
            exclude(mei, row_of(statement, ref), jonas)
        later = Framework.objects.create(
            key="iso-own", version="2027", title="ISO 27001", short_title="ISO 27001", follows=programme.framework_id
        )
        for ref in ("A.7.4", "A.7.5"):
            old = Requirement.objects.get(framework=programme.framework_id, ref=ref)
            Requirement.objects.create(
                framework=later, ref=ref, position=1, level="control", assessable=True, title=old.title,
                text=old.text + (" And more." if ref == "A.7.5" else ""),
            )
        assert shown(statement, "A.7.4").again == ()
        assert "words it otherwise" in shown(statement, "A.7.5").again[0]
        assert "withdraws it" in shown(statement, "A.7.6").again[0]
        write_row(actor=mei.actor, row=row_of(statement, "A.7.6"), again=True)
        assert shown(statement, "A.7.6").again == ()


def test_an_exclusion_whose_owner_has_left_comes_to_whoever_writes_the_statement(acme, mei, jonas, statement):
    with scope(acme):
        row = exclude(mei, row_of(statement, "A.7.4"), jonas)
        Row.objects.filter(pk=row.pk).update(review_on=today())
        jonas.membership.ended_at = statement.created_at
        jonas.membership.save()
        assert [item.ref for item in items_for(mei.membership) if item.kind == "applicability"] == ["A.7.4"]
        assert "owner" in shown(statement, "A.7.4").lacks


def test_residual_risk_is_signed_by_another_than_the_owner_and_for_what_the_row_said(acme, mei, femi, jonas, statement):
    with scope(acme):
        row = exclude(mei, row_of(statement, "A.7.4"), femi)
        with pytest.raises(ValidationError, match="somebody else"):
            sign_rows(actor=femi.actor, rows=[row], signer=femi.membership, reason="Borne.")
        write_row(actor=mei.actor, row=row, owner=jonas.membership)
        with pytest.raises(ValidationError):
            sign_rows(actor=femi.actor, rows=[row], signer=femi.membership, reason=" ")
        sign_rows(actor=femi.actor, rows=[row], signer=femi.membership, reason="Borne.")
        assert shown(statement, "A.7.4").signed_by == "Femi Adeyemi"
        write_row(actor=mei.actor, row=row, review_on=today() + timedelta(days=300))
        assert shown(statement, "A.7.4").signed_by, "another day is not another risk"
        write_row(actor=mei.actor, row=row, risk_considered="Theft, and fire in the data centre.")
        assert shown(statement, "A.7.4").signed_by == ""
        assert "signature" in shown(statement, "A.7.4").lacks


def test_what_is_undecided_has_no_risk_to_sign(acme, femi, statement, url):
    with scope(acme):
        row = row_of(statement, "A.7.4")
    answer = femi.client.post(f"{url}sign/", {"rows": [str(row.pk)], "reason": "Borne."})
    assert answer.status_code == 422
    with scope(acme):
        assert not SignOff.objects.exists()


def test_what_changed_since_it_was_read_is_not_signed(acme, mei, femi, jonas, statement, url):
    with scope(acme):
        row = exclude(mei, row_of(statement, "A.7.4"), jonas)
        read = row.revision
        write_row(actor=mei.actor, row=row, risk_considered="A quite different risk.")
    assert f'name="revision-{row.pk}" value="{read + 1}"' in femi.client.get(url).content.decode()
    sent = {"rows": [str(row.pk)], "reason": "Borne.", f"revision-{row.pk}": str(read)}
    for address in (f"{url}sign/", f"{url}rows/{row.pk}/sign/"):
        answer = femi.client.post(address, sent)
        assert (answer.status_code, b"changed it since you read it" in answer.content) == (422, True)
    assert femi.client.post(f"{url}sign/", sent | {f"revision-{row.pk}": str(read + 1)}).status_code == 302


def test_a_signature_is_never_edited(acme, mei, femi, jonas, statement):
    with scope(acme):
        row = exclude(mei, row_of(statement, "A.7.4"), jonas)
        sign_rows(actor=femi.actor, rows=[row], signer=femi.membership, reason="Borne.")
        with pytest.raises(DatabaseError), transaction.atomic():
            SignOff.objects.update(reason="Other.")


def test_climate_change_is_determined_with_its_reason(acme, mei, statement, url):
    assert "Climate change is not determined" in mei.client.get(url).content.decode()
    assert mei.client.post(f"{url}climate/", {"issue": "no", "parties": "no", "reason": "n/a"}).status_code == 422
    assert mei.client.post(f"{url}climate/", {"reason": "Looked at."}).status_code == 422
    answer = mei.client.post(f"{url}climate/", {"issue": "no", "parties": "yes", "reason": "A bank asks for our emissions."})
    assert answer.status_code == 302
    with scope(acme):
        statement.refresh_from_db()
        assert (statement.climate_issue, statement.climate_parties, statement.climate_by) == (False, True, "Mei-Ling Chu")
    assert "Climate change is not determined" not in mei.client.get(url).content.decode()


def test_the_shipped_clauses_carry_the_amendment_of_2024(acme):
    with scope(acme):
        found = Requirement.objects.filter(framework=framework("iso27001"), ref__in=["4.1", "4.2"])
        assert [("climate" in row.text, "2024" in row.text) for row in found] == [(True, True), (True, True)]


def test_an_ended_programme_keeps_what_it_stated(acme, mei, statement, programme):
    with scope(acme):
        programme.closed_at = statement.created_at
        programme.save()
        for refused in (
            lambda: write_row(actor=mei.actor, row=row_of(statement, "A.5.1"), treatment="x"),
            lambda: determine_climate(actor=mei.actor, statement=statement, issue=True, parties=True, reason="Heat."),
        ):
            with pytest.raises(ValidationError, match="has ended"):
                refused()
        statement.rows.filter(pk=row_of(statement, "A.5.2").pk)._raw_delete("default")
        assert statement_for(actor=mei.actor, programme=programme).rows.count() == 92, "what it never had is not added now"


def test_who_may_only_read_gets_no_form(acme, jonas, statement, url):
    with scope(acme):
        row = row_of(statement, "A.5.1")
    page = jonas.client.get(url).content.decode()
    assert "A.8.34" in page
    assert 'type="checkbox"' not in page
    assert "<textarea" not in jonas.client.get(f"{url}rows/{row.pk}/").content.decode()
    jonas.client.post(f"{url}rows/{row.pk}/", {"decision": "included", "revision": "0"})
    assert jonas.client.post(f"{url}sign/", {"rows": [str(row.pk)], "reason": "x"}).status_code == 403
    with scope(acme):
        assert row_of(statement, "A.5.1").decision == "undecided"


def test_rows_are_narrowed_by_what_the_address_says(acme, mei, jonas, statement, url):
    with scope(acme):
        map_one()
        exclude(mei, row_of(statement, "A.7.4"), jonas)
        write_row(actor=mei.actor, row=row_of(statement, "A.5.1"), decision="included")
    for query, there, absent in (
        ("decision=excluded", "A.7.4", "A.5.1"), ("decision=proposed", "A.8.5", "A.7.4"), ("lacks=driver", "A.5.1", "A.7.4"),
        ("theme=Physical", "A.7.4", "A.5.1"), ("lacks=control", "A.5.1", "A.8.5"), ("q=secure+authentication", "A.8.5", "A.5.1"),
    ):  # fmt: skip
        page = mei.client.get(f"{url}?{query}").content.decode()
        assert f">{there}<" in page, query
        assert f">{absent}<" not in page, query


@pytest.mark.parametrize("path", [
    "?q=%00&decision=nobody&theme=x", "rows/018f0000-0000-7000-8000-000000000000/", "versions/99999999999999999999/",
    "versions/compare/?before=x&after=%00", "draft.exe", "versions/0/statement.pdf",
])  # fmt: skip
def test_hostile_addresses_are_answered(mei, statement, url, path):
    assert mei.client.get(url + path).status_code in (200, 400, 404, 422)
