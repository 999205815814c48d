"""Which framework each kind of programme is against, and which options and dates it has."""

from __future__ import annotations

from dataclasses import dataclass

from .models import ProgrammeKind as Kind

#: SOC 2 categories beyond the common criteria, which always apply: as a programme keeps them, and as people read them.
CATEGORIES: tuple[tuple[str, str], ...] = (
    ("availability", "Availability (A1)"),
    ("confidentiality", "Confidentiality (C1)"),
    ("processing_integrity", "Processing integrity (PI1)"),
    ("privacy", "Privacy (P1 to P8)"),
)


@dataclass(frozen=True)
class Shape:
    """What a kind asks for. `framework` is the beginning of its framework's key, empty where any will do.
    `examined`: somebody outside comes, so there is a day on which fieldwork starts."""

    kind: Kind
    framework: str
    blurb: str
    has_categories: bool = False
    has_as_of: bool = False
    has_period: bool = False
    has_pci: bool = False
    examined: bool = True


SHAPES: dict[Kind, Shape] = {
    shape.kind: shape
    for shape in (
        Shape(
            Kind.SOC2_TYPE_2, "soc2-tsc",
            "Controls suitably designed and operating over a period of three to twelve months.",
            has_categories=True, has_period=True,
        ),
        Shape(
            Kind.SOC2_TYPE_1, "soc2-tsc", "Controls suitably designed and in place on one day.",
            has_categories=True, has_as_of=True,
        ),
        Shape(Kind.ISO_STAGE_1, "iso27001", "Documents and readiness: scope, policy, risk, applicability."),
        Shape(Kind.ISO_STAGE_2, "iso27001", "Whether the system works, by interviews, samples and records."),
        Shape(Kind.ISO_SURVEILLANCE, "iso27001", "Each year between certifications: changes, and a sample."),
        Shape(Kind.ISO_RECERTIFICATION, "iso27001", "Before the third year ends: the whole system again."),
        Shape(Kind.PCI, "pci-dss", "Each applicable requirement, in place or not.", has_pci=True),
        Shape(Kind.NIST_CSF, "nist-csf", "Your own look at the six functions, with no outside examiner.", examined=False),
        Shape(Kind.ISO_27701, "iso27701", "Your own look at the management of privacy, beside ISO 27001.",
              examined=False),
        Shape(Kind.OTHER, "", "Your own look at any framework, with no outside examiner.", examined=False),
    )
}  # fmt: skip
