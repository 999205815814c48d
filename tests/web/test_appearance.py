"""The paper and the density are chosen without a script and kept by the browser alone."""

import pytest
from django.test import Client, RequestFactory

from compliance.web.appearance import appearance


@pytest.fixture
def asked(rf: RequestFactory) -> RequestFactory:
    return rf


@pytest.mark.parametrize(("name", "value"), [("theme", "dark"), ("theme", "light"), ("density", "close")])
def test_a_choice_is_kept_in_a_cookie(asked: RequestFactory, name: str, value: str) -> None:
    answer = appearance(asked.post("/appearance/", {name: value}))
    assert answer.cookies[name].value == value
    assert answer.cookies[name]["samesite"] == "Lax"


def test_choosing_the_paper_leaves_the_density_alone(asked: RequestFactory) -> None:
    assert "density" not in appearance(asked.post("/appearance/", {"theme": "dark"})).cookies


def test_the_empty_choice_goes_back_to_the_systems_own(asked: RequestFactory) -> None:
    cookie = appearance(asked.post("/appearance/", {"theme": ""})).cookies["theme"]
    assert cookie.value == ""
    assert cookie["max-age"] == 0


def test_a_value_nobody_offered_is_not_kept(asked: RequestFactory) -> None:
    assert appearance(asked.post("/appearance/", {"theme": '"><script>'})).cookies["theme"].value == ""


def test_it_goes_back_to_where_the_choice_was_made(asked: RequestFactory) -> None:
    assert (
        appearance(asked.post("/appearance/", {"theme": "dark", "next": "/o/acme/gaps/?page=2"})).url
        == "/o/acme/gaps/?page=2"
    )


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_it_never_leads_to_another_host(asked: RequestFactory, away: str) -> None:
    assert appearance(asked.post("/appearance/", {"theme": "dark", "next": away})).url == "/"


def test_it_cannot_be_changed_by_a_link(client: Client) -> None:
    assert client.get("/appearance/").status_code == 405


def test_the_page_is_drawn_in_the_chosen_paper(client: Client, db: None) -> None:
    client.cookies["theme"] = "dark"
    client.cookies["density"] = "close"
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="en-GB" data-theme="dark" data-density="close">' in page


def test_a_cookie_that_somebody_wrote_is_not_drawn(client: Client, db: None) -> None:
    client.cookies["theme"] = "x onload=alert(1)"
    assert '<html lang="en-GB">' in client.get("/accounts/login/").content.decode()
