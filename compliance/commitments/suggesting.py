"""What kind of promise the words of a commitment suggest, for a person to choose. Pure."""

from __future__ import annotations

import re

from .models import Promise

#: The first that matches is suggested: personal data is also secret, so it stands before secrecy.
_WORDS: tuple[tuple[Promise, str], ...] = (
    (Promise.PERSONAL_DATA, r"personal (data|information)|privacy|gdpr|data subjects?|pii"),
    (Promise.UPTIME, r"uptime|availab\w+|99(\.\d+)?\s?%|downtime|outages?|recovery (time|point)|rto|rpo|service levels?"),
    (Promise.SECRECY, r"confidential\w*|secret|secrecy|encrypt\w*|non-disclosure|nda|delet(e|ed|ion)|return of data"),
    (Promise.ACCURACY, r"accura\w+|complete(ly|ness)?|correct(ly|ness)?|valid(ly|ity)?|on time|timely|error-free|reconcil\w+"),
)
CATEGORY: dict[str, str] = {
    Promise.UPTIME: "availability", Promise.SECRECY: "confidentiality", Promise.ACCURACY: "processing_integrity",
    Promise.PERSONAL_DATA: "privacy",
}  # fmt: skip
"""The SOC 2 category that a promise calls for; something else calls for none beyond security."""


def suggested(text: str) -> Promise:
    """The promise that the words point to; `other` where none does."""
    for promise, words in _WORDS:
        if re.search(rf"\b({words})(?!\w)", text, re.IGNORECASE):
            return promise
    return Promise.OTHER
