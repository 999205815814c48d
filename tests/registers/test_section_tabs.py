"""The parts of Scope stand as tabs on each of its pages, as far as the reader may open them."""

from __future__ import annotations

from compliance.access.permissions import Permission
from compliance.web.sections import Tab, namespaces_of, register_tab, tabs_for


def test_every_part_of_scope_is_a_tab(mei):
    page = mei.client.get("/o/acme/scope/flows/").content.decode()
    tabs = page.split('<nav class="tabs" aria-label="Scope">')[1].split("</nav>")[0]
    for label in ("Register", "Inbox", "Services", "Flows", "Third parties", "Commitments", "Workers"):
        assert f">{label}" in tabs
    assert '<a href="/o/acme/scope/flows/" aria-current="page">Flows' in tabs


def test_a_page_of_another_room_marks_scope_in_the_index(mei):
    page = mei.client.get("/o/acme/scope/parties/").content.decode()
    assert "parties" in namespaces_of("registers")
    index = page.split("Scope", 1)[0]
    assert 'aria-current="page"' in index[-200:]


def test_a_part_that_may_not_be_opened_is_not_shown(rf, mei, monkeypatch):
    from compliance.web import sections

    monkeypatch.setattr(sections, "_tabs", {})
    register_tab(Tab("x", "a", "Shown", "registers:list", Permission.SCOPE_VIEW, 2))
    register_tab(Tab("x", "b", "Hidden", "registers:list", Permission.TOKEN_MANAGE, 1))
    request = rf.get("/")
    request.permissions = frozenset({Permission.SCOPE_VIEW})
    monkeypatch.setattr(sections, "may", lambda request, permission: permission in request.permissions)
    assert [tab["label"] for tab in tabs_for(request, "x", "acme", "a")] == ["Shown"]
