"""The pages: the list by template, stating one, freezing, what waits for whom, files, and what an auditor sees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from evidence.populations.desk import news_for, work_for
from evidence.populations.models import Draft, Mismatch, Population
from evidence.populations.reconciling import Kind, Unequal
from evidence.populations.services.keep import add_population, change_population
from evidence.populations.services.work_through import answer_step, confirm_version, decide_mismatch
from evidence.populations.sources import register, source_of, sources_of
from gaps.models import Gap
from gaps.services.reconcile import reconcile

pytestmark = pytest.mark.django_db


def test_every_template_stands_in_the_list_kept_or_not(mei, population):
    page = mei.client.get(reverse("populations:list", args=["acme"])).content.decode()
    assert page.count("Keep it") == 25
    assert population.ref in page
    chosen = mei.client.get(reverse("populations:list", args=["acme"]), {"state": "confirmed"}).content.decode()
    assert "Nothing matches these filters" in chosen


def test_one_is_stated_with_its_controls_and_what_policy_allows(acme, mei, control):
    url = reverse("populations:add", args=["acme", "leavers"])
    fields = {"name": "Leavers", "source": "people.leavers", "controls": "ac-06", "months": "6", "hours": "8", "next_due": "2026-07-01"}
    assert mei.client.post(url, fields | {"controls": "XX-99"}).status_code == 422
    mei.client.post(url, fields)
    with scope(acme):
        made = Population.objects.get()
        assert (made.ref, made.settings, made.months, made.next_due) == ("POP-001", {"hours": 8}, 6, date(2026, 7, 1))
        assert [each.control.ref for each in made.served.all()] == ["AC-06"]
    control_page = mei.client.get(reverse("controls:control", args=["acme", control.pk])).content.decode()
    assert "Kept as rows" in control_page


def test_an_unknown_template_is_not_there(mei):
    assert mei.client.get(reverse("populations:add", args=["acme", "stars"])).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"template": "stars"}, {"source": "room.vendors"}, {"settings": {"hours": -1}}, {"settings": {"target_days": {"huge": 1}}}],
)
def test_what_does_not_fit_is_refused(acme, mei, fields):
    values = {"template": "leavers", "name": "", "source": "people.leavers"} | fields
    with scope(acme), pytest.raises(ValidationError):
        add_population(actor=mei.actor, **values)


def test_a_freeze_is_asked_for_and_proposes_the_period_that_comes_next(acme, priya, population):
    url = reverse("populations:freeze", args=["acme", population.pk])
    form = priya.client.get(url).context["form"]
    assert form.initial["last"] == today("Europe/Lisbon") - timedelta(days=1)
    priya.client.post(url, {"first": "2026-05-01", "last": "2026-05-31", "zone": "Europe/Lisbon"})
    priya.client.post(url, {"first": "2026-05-01", "last": "2026-05-31", "zone": "Europe/Lisbon"})
    with scope(acme):
        assert Draft.objects.count() == 1
    assert priya.client.post(url, {"first": "2026-05-31", "last": "2026-05-01", "zone": "Europe/Lisbon"}).status_code == 422


def test_rows_are_shown_a_hundred_at_a_time(mei, frozen):
    version = frozen(*(f"w{n:04d}" for n in range(250)))
    url = reverse("populations:rows", args=["acme", version.pk])
    page = mei.client.get(url, {"from": "200"}).content.decode()
    assert "w0249" in page
    assert "w0100" not in page
    assert mei.client.get(url, {"from": "250"}).status_code == 404
    assert mei.client.get(url, {"from": "x"}).status_code == 200


def test_files_hold_every_row_and_no_formula(acme, mei, frozen):
    version = frozen("=1+1", "w2")
    text = b"".join(mei.client.get(reverse("populations:csv", args=["acme", version.pk])).streaming_content).decode()
    assert "'=1+1" in text
    assert text.count("\n") == 3
    lines = mei.client.get(reverse("populations:jsonl", args=["acme", version.pk]))
    assert b"".join(lines.streaming_content).count(b"\n") == 2
    assert lines["Repr-Digest"].startswith("sha-256=:")
    assert mei.client.get(reverse("populations:xlsx", args=["acme", version.pk])).status_code == 200


def test_steps_are_answered_on_the_page_and_faults_stand_beside_the_fields(acme, priya, mei, frozen):
    version = frozen("w1")
    url = reverse("populations:answer", args=["acme", version.pk])
    refused = priya.client.post(url, {"step": "source", "result": "holds", "note": ""})
    assert refused.status_code == 422
    assert "what was opened" in refused.content.decode()
    assert priya.client.post(url, {"step": "source", "result": "holds", "note": "Opened it.", "evidence": "EV-9999"}).status_code == 422
    assert priya.client.post(url, {"step": "source", "result": "holds", "note": "Opened it."}).status_code == 302
    assert priya.client.post(url, {"step": "count", "result": "holds", "note": "Fine."}).status_code == 422
    assert priya.client.post(reverse("populations:confirm", args=["acme", version.pk]), {"note": "x"}).status_code == 403
    assert mei.client.post(reverse("populations:confirm", args=["acme", version.pk]), {"note": "x"}).status_code == 422


def test_owners_are_told_what_is_due_and_others_what_to_confirm(acme, mei, priya, jonas, population, frozen, worked):
    with scope(acme):
        change_population(actor=mei.actor, population=population, next_due=today("Europe/Lisbon") + timedelta(days=3))
        assert [each.title for each in work_for(priya.membership)] == ["Freeze Leavers"]
        assert len(news_for(priya.membership)) == 1
    version = frozen("w1")
    with scope(acme):
        change_population(actor=mei.actor, population=population, next_due=None)
        assert [each.title for each in work_for(priya.membership)] == ["Work through Leavers"]
    worked(version)
    with scope(acme):
        assert [each.title for each in work_for(mei.membership)] == ["Confirm Leavers"]
        assert work_for(jonas.membership) == []


def test_a_list_that_is_not_complete_is_a_critical_gap_and_a_newer_one_closes_it(acme, frozen):
    frozen("w1", total=4)
    with scope(acme):
        reconcile()
        gap = Gap.objects.get(rule="population.incomplete")
        assert (gap.severity, gap.control.ref) == ("critical", "AC-06")
        assert "1 here, 4 in the source" in gap.cause
    frozen("w1")
    with scope(acme):
        reconcile()
        gap.refresh_from_db()
        assert gap.state == "closed"


def test_a_difference_that_is_an_error_becomes_a_gap_with_its_account(acme, mei, frozen):
    version = frozen("w1", unequal=[Unequal(Kind.LEFT, "okta", "ada", "Ada left 3 days before.")])
    with scope(acme):
        decide_mismatch(actor=mei.actor, mismatch=Mismatch.objects.get(), ruling="error", reason="IT was not told.")
        reconcile()
        gap = Gap.objects.get(rule="population.difference")
        assert list(gap.occurrences.values_list("resource", flat=True)) == ["ada in okta"]
        decide_mismatch(actor=mei.actor, mismatch=Mismatch.objects.get(), ruling="timing", reason="Closed the same day.")
        reconcile()
        gap.refresh_from_db()
        assert gap.state == "closed"
        assert f"version {version.number}" in gap.closing_note


def test_a_room_that_is_built_later_supplies_rows_by_registering(acme, priya):
    from evidence.populations.items import Item
    from evidence.populations.services.freeze import freeze_from_source
    from evidence.populations.sources import Ask, Built

    class Reviews:
        key, title, template, vendors = "test.reviews", "Reviews of access", "access_reviews", ()

        def build(self, ask: Ask) -> Built:
            from compliance.tenancy.clock import now
            from evidence.populations.spans import Reach

            cells = {"review": "R1", "system": "Okta", "account": "ada", "reviewer": "Mei", "decision": "kept"}
            reach = Reach(ask.period.starts, ask.period.ends)
            return Built([Item("room", "R1 ada", cells)], "Reviews", "Reviews", "Fieldwork", now(), reach, total=1)

    from evidence.populations import sources

    register(Reviews())
    try:
        assert "test.reviews" in [each.key for each in sources_of("access_reviews")]
        with scope(acme):
            kept = add_population(actor=priya.actor, template="access_reviews", name="", source="test.reviews")
            version = freeze_from_source(actor=priya.actor, population=kept, first=date(2026, 5, 1), last=date(2026, 5, 31), zone="UTC")
            assert version.row_count == 1
    finally:
        sources._sources.pop("test.reviews")
    assert source_of("test.reviews") is None


def test_a_confirmed_version_that_is_answered_again_is_refused(acme, mei, priya, frozen, worked):
    version = frozen("w1")
    worked(version)
    with scope(acme):
        confirm_version(actor=mei.actor, version=version, note="Gone through.")
        with pytest.raises(ValidationError, match="Withdraw"):
            answer_step(actor=priya.actor, version=version, step="source", result="fails", note="No.")


def test_differences_are_decided_one_after_another_where_the_list_is(acme, mei, frozen):
    told = [Unequal(Kind.NOBODY, "okta", f"bot-{number:02d}", "Nobody goes by it.") for number in range(60)]
    version = frozen("w1", unequal=told)
    address = reverse("populations:version", args=["acme", version.pk])
    page = mei.client.get(f"{address}?open=1")
    assert f'{address}?open=1#second">60 to decide' in mei.client.get(address).content.decode()
    later = mei.client.get(f"{address}?open=1&cursor={page.context['page'].next_cursor}")
    row = later.context["mismatches"][-1]["row"]
    decide = f"{reverse('populations:decide', args=['acme', row.pk])}?open=1&cursor={page.context['page'].next_cursor}"
    assert decide.replace("&", "&amp;") in later.content.decode()
    refused = mei.client.post(decide, {"ruling": "service", "reason": ""})
    assert refused.status_code == 422
    assert 'value="service" selected' in refused.content.decode()
    answer = mei.client.post(decide, {"ruling": "service", "reason": "The night job."})
    assert answer.headers["Location"].startswith(f"{address}?open=1&cursor=")
    shown = mei.client.get(answer.headers["Location"].removesuffix("#second"))
    assert row.pk not in {each["row"].pk for each in shown.context["mismatches"]}
