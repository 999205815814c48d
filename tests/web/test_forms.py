"""A form says what is wrong beside the field and ties it to the field for those who cannot see it."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.utils.safestring import SafeString

from compliance.web.fields import field, filter_field
from compliance.web.form_notes import form_errors


class Acceptance(forms.Form):
    why = forms.CharField(label="Why", help_text="An auditor reads this.", widget=forms.Textarea)
    until = forms.DateField(label="Accepted until", required=False)
    tested = forms.MultipleChoiceField(
        choices=[("i", "Inspection"), ("q", "Inquiry")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="I have read it")
    secret = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"placeholder": "Password"}),
        help_text=SafeString('<a href="/reset/">Forgotten?</a>'),
    )

    def clean(self) -> None:
        raise forms.ValidationError("Somebody else has to approve it.")


class Tags(HTMLParser):
    """The elements of a piece of page, as (name, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def one(self, *names: str) -> dict[str, str | None]:
        return next(attributes for name, attributes in self.found if name in names)

    def ids(self) -> list[str | None]:
        return [attributes["id"] for _, attributes in self.found if "id" in attributes]


@pytest.fixture
def sent() -> Acceptance:
    return Acceptance({"until": "31/11/2026", "why": "", "tested": ["x"]})


def test_the_label_names_the_control() -> None:
    tags = Tags(field(Acceptance()["why"]))
    assert tags.one("label")["for"] == tags.one("textarea")["id"]


def test_the_hint_describes_the_control() -> None:
    tags = Tags(field(Acceptance()["why"]))
    assert tags.one("textarea")["aria-describedby"] in tags.ids()


def test_an_error_describes_the_control_and_marks_it_invalid(sent: Acceptance) -> None:
    html = field(sent["until"])
    tags = Tags(html)
    assert tags.one("input")["aria-invalid"] == "true"
    assert tags.one("input")["aria-describedby"] == "id_until_error"
    assert "id_until_error" in tags.ids()
    assert "Enter a valid date." in html


def test_what_was_typed_is_still_there_after_a_failure(sent: Acceptance) -> None:
    assert 'value="31/11/2026"' in field(sent["until"])


def test_the_few_optional_fields_say_so() -> None:
    assert "optional" in field(Acceptance()["until"])
    assert "optional" not in field(Acceptance()["why"])


def test_choices_stand_in_a_named_group_tied_to_their_error(sent: Acceptance) -> None:
    html = field(sent["tested"])
    tags = Tags(html)
    assert "<legend>Tested" in html
    assert tags.one("fieldset")["aria-describedby"] in tags.ids()
    assert [attributes["for"] for name, attributes in tags.found if name == "label"] == ["id_tested_0", "id_tested_1"]


def test_a_checkbox_stands_inside_its_label() -> None:
    html = field(Acceptance()["agreed"])
    assert html.index("<label") < html.index("<input") < html.index("I have read it") < html.index("</label>")


def test_a_hidden_field_is_drawn_bare() -> None:
    html = field(Acceptance()["secret"])
    assert html.startswith('<input type="hidden"')
    assert "label" not in html


def test_a_placeholder_that_only_repeats_the_label_is_left_out() -> None:
    assert "placeholder" not in field(Acceptance()["password"])


def test_the_keyboard_reaches_the_field_before_a_hint_that_leads_away() -> None:
    html = field(Acceptance()["password"])
    assert html.index("<input") < html.index("Forgotten?")


def test_a_label_from_data_is_escaped() -> None:
    class Own(forms.Form):
        name = forms.CharField(label="<script>")

    assert "<script>" not in field(Own()["name"])
    assert "<script>" not in filter_field(Own()["name"])


def test_the_note_counts_what_is_wrong_and_links_to_each_field(sent: Acceptance) -> None:
    html = form_errors(sent, "The acceptance was not saved")
    # the form as a whole, five fields that can be seen, and one that cannot
    assert "The acceptance was not saved. 7 things are to be put right." in html
    for anchor in ("id_why", "id_until", "id_tested", "id_agreed", "id_password"):
        assert f'href="#{anchor}"' in html
    assert "#id_secret" not in html
    assert "Somebody else has to approve it." in html
    assert 'role="alert"' in html


def test_a_form_that_is_well_or_was_not_sent_has_no_note() -> None:
    assert form_errors(Acceptance()) == ""


def test_the_link_of_a_group_leads_to_the_group(sent: Acceptance) -> None:
    assert 'id="id_tested"' in field(sent["tested"])
