"""What the report of a programme will say and will not, in plain words. Pure: a programme in, sentences out."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.web.words import day

from .kinds import CATEGORIES
from .models import PciReport, Programme, ProgrammeKind

_PRESENT = {
    ProgrammeKind.ISO_STAGE_1: (
        ["the management system is documented and ready to be examined, with areas of concern named"],
        ["that it works: stage 2 looks at that", "anything a customer could rely on; no certificate is issued"],
    ),
    ProgrammeKind.ISO_STAGE_2: (
        ["the management system meets ISO/IEC 27001 for the scope on the certificate, three years with yearly visits"],
        ["which controls were tested or how often they failed", "anything about what lies outside the scope statement"],
    ),
    ProgrammeKind.ISO_SURVEILLANCE: (
        ["the certificate is kept: changes, internal audit, management review and a sample of Annex A were looked at"],
        ["that every control was looked at again", "anything new for customers; the certificate stays as it is"],
    ),
    ProgrammeKind.ISO_RECERTIFICATION: (
        ["the whole management system was looked at again, and the certificate runs for another three years"],
        ["which controls were tested or how often they failed"],
    ),
    ProgrammeKind.NIST_CSF: (
        ["where you see yourselves against the Cybersecurity Framework"],
        ["what anybody outside has examined: there is no NIST certificate or report"],
    ),
    ProgrammeKind.ISO_27701: (
        ["where you see yourselves against the privacy extension of ISO/IEC 27701"],
        ["what anybody outside has examined; a certificate takes an accredited certification body"],
    ),
    ProgrammeKind.OTHER: (["where you see yourselves"], ["what anybody outside has examined"]),
}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """Sentences that finish “It will say” and “It will not say”, and who may have it."""

    says: tuple[str, ...]
    does_not: tuple[str, ...]
    readers: str


def claim_of(programme: Programme, services: list[str]) -> Claim:
    """The claim for a programme's kind, options and days. `services` are the names of those covered, none for all."""
    kind = ProgrammeKind(programme.kind)
    covered = f"for {_listed(services)}" if services else "for every service in the register"
    if programme.is_soc2_kind:
        return _soc2(programme, covered, services)
    if kind is ProgrammeKind.PCI:
        return _pci(programme, covered)
    says, does_not = _PRESENT[kind]
    readers = "Yours to keep: a self-assessment is nobody’s opinion but your own."
    if kind.value.startswith("iso_") and kind is not ProgrammeKind.ISO_27701:
        readers = "The certificate is public; the audit report stays with you and the certification body."
    return Claim((*says, covered), tuple(does_not), readers)


def _soc2(programme: Programme, covered: str, services: list[str]) -> Claim:
    beside = [label.split(" (")[0] for key, label in CATEGORIES if key in programme.categories]
    left = [label.split(" (")[0] for key, label in CATEGORIES if key not in programme.categories]
    about = _listed(["Security", *beside])
    does_not = [f"anything about {_listed(left, 'or')}"] if left else []
    if programme.kind == ProgrammeKind.SOC2_TYPE_1:
        on = day(programme.as_of) if programme.as_of else "one day that is not chosen yet"
        says = [f"controls were suitably designed and in place on {on}, against the criteria of {about}, {covered}"]
        does_not = ["that any control operated: it looks at one day", f"anything about the days after {on}", *does_not]
    else:
        starts, ends = programme.period_start, programme.period_end
        over = f"from {day(starts)} to {day(ends)}" if starts and ends else "over a period that is not chosen yet"
        says = [
            f"controls were suitably designed and operated {over}, against the criteria of {about}, {covered}",
            "which tests were made, and every deviation that they found",
        ]
        after = f"after {day(ends)}" if ends else "after the period"
        does_not = [f"anything about the days {after}; a bridge letter is your word, not the auditor’s", *does_not]
    if services:
        does_not.append("anything about services that are not named in it")
    does_not.append("that you are certified: it is an opinion on your description and controls, and may hold exceptions")
    return Claim(tuple(says), tuple(does_not), "Restricted use: customers and prospects read it under an agreement.")


def _pci(programme: Programme, covered: str) -> Claim:
    named = programme.get_pci_report_display() if programme.pci_report else "A report that is not chosen yet"
    roc = programme.pci_report == PciReport.ROC
    by = "a qualified security assessor found" if roc else "you state"
    who = programme.get_pci_party_display().lower() if programme.pci_party else "merchant or service provider"
    level = f" of level {programme.pci_level}" if programme.pci_level else ""
    return Claim(
        (f"{named}: {by} each applicable requirement of PCI DSS in place, not in place, not applicable or not tested, "
         f"as a {who}{level}, {covered}",),
        ("anything about systems outside the cardholder data environment",
         "that a requirement was met on a day after the assessment", "anything with a tolerance: one miss is a miss"),
        "The attestation of compliance goes to acquirers, brands and customers; the report itself seldom does.",
    )  # fmt: skip


def _listed(names: list[str], word: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
