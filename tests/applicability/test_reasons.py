"""A reason that only says that something does not apply is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.applicability.reasons import says_nothing

NOTHING = [
    "", " ", "-", "–", "...", "n/a", "N/A", "n.a.", "NA", "Not applicable", "NOT APPLICABLE.", "not relevant", "Not relevant!",
    "not relevant, n/a", "This control is not applicable to us.", "It does not apply here.", "none", "None.", "nil",
    "Not needed", "out of scope", "TBD", "Not in scope of the ISMS", "Excluded because not applicable",
    "nicht relevant", "Nicht anwendbar für uns.", "entfällt", "sans objet", "Non applicable", "pas applicable pour nous", "S.O.",
    "no aplica", "No aplicable.", "não aplicável", "Não se aplica", "non applicabile", "niet van toepassing", "n.v.t.",
    "nie dotyczy", "ej tillämpligt", "ikke relevant", "не применимо", "不适用", "該当なし", "해당 없음", "غير منطبق", "(n/a)", "12",
]  # fmt: skip
REASONS = [
    "We have no premises.", "No software is developed here.", "Not applicable, because no office is rented.",
    "Keine Büros in Deutschland", "Aucun développement externalisé", "Nothing is outsourced", "No offices",
    "All sites are run by Acme Cloud", "Es gibt keine Kabel", "No se desarrolla software",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_it_says_nothing(text):
    assert says_nothing(text)


@pytest.mark.parametrize("text", REASONS)
def test_it_gives_a_reason(text):
    assert not says_nothing(text)


@given(st.sampled_from(NOTHING), st.sampled_from([".", "!", " ", "  -  ", "\n", "(", "\u00a0"]))
def test_case_and_punctuation_change_nothing(text, around):
    assert says_nothing(f"{around}{text.upper()}{around}")


@given(st.sampled_from(NOTHING), st.sampled_from(REASONS))
def test_a_reason_beside_an_empty_phrase_is_a_reason(empty, reason):
    assert not says_nothing(f"{empty} {reason}")


@given(st.text(max_size=200))
def test_any_text_is_judged(text):
    assert says_nothing(text) in (True, False)
