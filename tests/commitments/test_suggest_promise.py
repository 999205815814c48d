"""What the words of a commitment suggest; a person chooses."""

from __future__ import annotations

import pytest

from compliance.commitments.suggesting import CATEGORY, suggested


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("The service is up 99.9% of each month.", "uptime"), ("Monthly availability of the API.", "uptime"),
        ("Recovery time of four hours.", "uptime"), ("Customer data is kept confidential.", "secrecy"),
        ("Data is encrypted in transit and at rest.", "secrecy"), ("Payments are processed completely and accurately.", "accuracy"),
        ("Personal data is used for the agreed purpose only.", "personal_data"),
        ("Personal information is kept confidential.", "personal_data"), ("Support answers on working days.", "other"),
        ("A report of 1990 pages", "other"), ("An unavailable colleague is replaced", "other"),
    ],
)  # fmt: skip
def test_the_words_suggest_a_promise(text: str, promise: str) -> None:
    assert suggested(text) == promise


def test_every_promise_but_other_calls_for_a_category() -> None:
    assert CATEGORY == {
        "uptime": "availability", "secrecy": "confidentiality", "accuracy": "processing_integrity", "personal_data": "privacy",
    }  # fmt: skip
