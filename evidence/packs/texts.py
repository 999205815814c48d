"""What a pack says of itself to whoever opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .writing import Head

_README = """{title}
{organization}. Made {made_at} by {made_by}.{sample}

This folder is a BagIt bag (RFC 8493). Open data/index.html, or data/index.xlsx, to see what is in it.

To verify it, offline:

    python3 verify.py                     in this folder; or: python3 verify.py PACK.zip
    verify.html                           opened in a browser, and given the zip

Either says what differs and where, or that nothing does. A forged pack may bring a forged verifier: keep one from a pack
that you trust, and run that. Hold what you had from elsewhere against the pack:

    python3 verify.py PACK.zip --key "..."              the key that the organisation gave you
    python3 verify.py PACK.zip --checkpoint KEPT.txt    data/log/checkpoint.txt of an earlier pack

What it shows: each file is what was received, when, and unchanged since; nothing that the log took in of these artefacts
is missing; the log was not rewritten. What it does not show: that the evidence is true.

The format is described so that others can write a verifier: leaves and checkpoints are RFC 6962 hashes over RFC 8785
JSON, signed notes are of C2SP with Ed25519.
"""


def readme(head: Head) -> str:
    """README.txt."""
    sample = " A sample company with a simulated clock." if head.organization.get("sample") else ""
    return _README.format(
        title=head.title, organization=head.organization["name"], made_at=f"{head.made_at:%Y-%m-%d %H:%M} UTC",
        made_by=head.made_by, sample=sample,
    )  # fmt: skip
