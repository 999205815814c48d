"""What the log took in, leaf by leaf: held against the files of the pack and the rows of the database."""

from __future__ import annotations

import re
from typing import Any

from .bag import TEXT, Tell
from .days import check_days, day_of
from .files import Pack
from .log import LOG, Log
from .reading import Unreadable, canonical, parsed, several, shown
from .trees import led_to, sha256

#: The most bytes of one leaf.
LEAF = 1 << 20
#: What a leaf says of itself, and no row does.
OF_LEAF = {"at", "entered_later", "organization", "type", "v"}
#: What pack.json lists, by the type of the leaf.
LISTS = {"version": "items", "decision": "decisions", "supersession": "supersessions"}


class Ledger:
    """The leaves of a pack, taken one after the other in the order of the log."""

    def __init__(
        self, pack: Pack, log: Log, about: dict[str, Any], digests: dict[str, tuple[str, int]], tell: Tell
    ) -> None:
        self.pack, self.log, self.about, self.digests, self.tell = pack, log, about, digests, tell
        self.counts = {"version": 0, "decision": 0, "supersession": 0, "sightings": 0, "other": 0}
        self.leaves = self.later = 0
        self.versions: dict[str, tuple[str, str]] = {}
        self.numbers: dict[str, set[int]] = {}
        self.again: dict[str, dict[str, Any]] = {}
        self.seen: dict[str, dict[str, int]] = {}
        self.paths: set[str] = set()
        self.entered: dict[int, int] = {}

    def check(self) -> None:
        """Check every leaf, then what is there without one."""
        entries, proofs = self._entries(), self._proofs()
        leaves = [re.fullmatch(LOG + "leaves/(0|[1-9][0-9]{0,14})[.]json", name) for name in self.pack.held]
        for index in sorted(int(found.group(1)) for found in leaves if found):
            self._leaf(index, entries.pop(index, None), proofs.get(str(index)))
        for index, entry in sorted(entries.items()):
            self.tell(
                "data/pack.json", f"{label_of(entry['row'] or {}, self.versions)}: leaf {index} is not in the pack"
            )
        self._seen_again()
        for row in self.about["without_leaf"]:
            self._number(row)
            self.tell(
                label_of(row, self.versions),
                "stands in the database and not in the log: when it was received cannot be proved",
            )
        self._left_out()
        check_days(self.about["days"], self.entered, self.tell)

    def in_words(self) -> str:
        """What was checked."""
        counts = self.counts
        other = (
            f", of which {counts['other']} of types not known here: only their place was checked"
            if counts["other"]
            else ""
        )
        nouns = {"version": "item", "decision": "decision", "supersession": "supersession"}
        said = [several(counts[kind], noun) for kind, noun in nouns.items()]
        said += [several(counts["sightings"], "leaf") + " of what was seen again"] if counts["sightings"] else []
        later = f", {self.later} entered when the log began: of the time before it proves nothing" if self.later else ""
        return f"{', '.join(said)}; {several(self.leaves, 'leaf')} in a log of {self.log.size}{other}{later}"

    def _entries(self) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for name in LISTS.values():
            for entry in self.about[name]:
                if entry["leaf"] in found:
                    self.tell("data/pack.json", f"lists leaf {entry['leaf']} a second time")
                found[entry["leaf"]] = entry
        return found

    def _proofs(self) -> dict[str, Any]:
        try:
            found = parsed(self.pack.read(LOG + "proofs.json", TEXT))
        except (Unreadable, ValueError):
            found = None
        if isinstance(found, dict) and isinstance(found.get("proofs"), dict):
            return dict(found["proofs"])
        self.tell(LOG + "proofs.json", "holds no proofs")
        return {}

    def _leaf(self, index: int, entry: dict[str, Any] | None, proof: Any) -> None:
        where = f"{LOG}leaves/{index}.json"
        self.leaves += 1
        try:
            content = self.pack.read(where, LEAF)
            leaf = parsed(content)
            if not isinstance(leaf, dict) or canonical(leaf).encode("utf-8", "replace") != content:
                raise ValueError("not canonical")
        except Unreadable as error:
            return self.tell(where, str(error))
        except ValueError:
            return self.tell(where, "is no leaf in canonical form")
        self._place(index, where, sha256(b"\x00" + content), proof)
        if leaf.get("organization") != self.about["organization"]:
            self.tell(where, f"is a leaf of another organisation: {shown(canonical(leaf.get('organization')))}")
        self.later += leaf.get("entered_later") is True
        day = day_of(leaf.get("at"))
        if day is not None:
            self.entered[index] = day
        kind = leaf.get("type")
        if kind == "version":
            self._version(index, leaf, entry)
        elif kind in LISTS:
            self._decision(index, leaf, entry, str(kind))
        elif kind == "sightings":
            self._sightings(index, leaf)
        else:
            self.counts["other"] += 1
        return None

    def _place(self, index: int, where: str, found: bytes, proof: Any) -> None:
        """That the leaf stands where the log has it."""
        if index >= self.log.size:
            return self.tell(where, f"has no place in a log of {self.log.size} leaves")
        if found != self.log.hash(index):
            return self.tell(where, f"leaf {index} does not give the hash that the log has in its place")
        steps = steps_of(proof)
        if steps is None or led_to(found, index, self.log.size, steps) != self.log.root:
            return self.tell(LOG + "proofs.json", f"the proof of leaf {index} does not lead to the root of the log")
        return None

    def _version(self, index: int, leaf: dict[str, Any], entry: dict[str, Any] | None) -> None:
        self.counts["version"] += 1
        label = label_of(leaf, {})
        self._number(leaf)
        self.versions[said(leaf, "id")] = (label, said(leaf, "sha256"))
        if entry is None or entry["row"] is None:
            self.tell(label, f"its row was deleted: leaf {index} says that {said(leaf, 'filename')} of {said(leaf, 'size')} bytes, "
                             f"SHA-256 {said(leaf, 'sha256')}, was received at {said(leaf, 'received_at')}")  # fmt: skip
        else:
            self._compare(label, index, leaf, entry["row"])
            if entry["again"] is not None:
                self.again[said(leaf, "id")] = entry["again"]
        self._file(label, index, leaf, entry["path"] if entry else None)

    def _file(self, label: str, index: int, leaf: dict[str, Any], path: str | None) -> None:
        if path is None:
            return self.tell(label, f"its file is not in the pack: leaf {index} says SHA-256 {said(leaf, 'sha256')}")
        self.paths.add(path)
        if path not in self.digests:
            return self.tell(label, f"its file {shown(path)} is not there or cannot be read")
        if self.digests[path][0] != leaf.get("sha256"):
            return self.tell(path, f"is not the file that was received as {label}: its SHA-256 is {self.digests[path][0]}, "
                                   f"leaf {index} says {said(leaf, 'sha256')}")  # fmt: skip
        return None

    def _decision(self, index: int, leaf: dict[str, Any], entry: dict[str, Any] | None, kind: str) -> None:
        self.counts[kind] += 1
        label = label_of(leaf, self.versions)
        known = self.versions.get(said(leaf, "version"))
        if known is None:
            self.tell(f"{LOG}leaves/{index}.json", "speaks of a version whose leaf is not in the pack before it")
        elif kind == "decision" and leaf.get("version_sha256") != known[1]:
            self.tell(
                label, f"leaf {index} decides on SHA-256 {said(leaf, 'version_sha256')}, and {known[0]} has {known[1]}"
            )
        if entry is None or entry["row"] is None:
            what = said(leaf, "acceptance") if kind == "decision" else "superseded"
            self.tell(label, f"its row was deleted: leaf {index} says {what} by {said(leaf, 'decided_by')} at "
                             f"{said(leaf, 'decided_at')}, reason {shown(canonical(leaf.get('reason')))}")  # fmt: skip
        else:
            self._compare(label, index, leaf, entry["row"])

    def _sightings(self, index: int, leaf: dict[str, Any]) -> None:
        """What a run saw again. Of versions that are not in the pack it says nothing here."""
        self.counts["sightings"] += 1
        seen = leaf.get("seen")
        for each in seen if isinstance(seen, list) else []:
            known = self.versions.get(said(each, "version")) if isinstance(each, dict) else None
            if known is None:
                continue
            if said(each, "sha256") != known[1]:
                self.tell(known[0], f"leaf {index} says that it was seen again with SHA-256 {said(each, 'sha256')}, and it has {known[1]}")
            self.seen.setdefault(said(each, "version"), {}).setdefault(said(each, "at"), index)

    def _seen_again(self) -> None:
        """The moments of the database against those of the leaves, as far as the leaves tell of all of them."""
        for version, again in self.again.items():
            label, seen = self.versions[version][0], self.seen.get(version, {})
            stated = [shown(each) for each in again["at"]]
            for at in sorted(set(stated) - set(seen)):
                self.tell(label, f"its row says that it was seen again at {at}, and no leaf says so")
            for at in sorted(set(seen) - set(stated)):
                if at < again["until"]:
                    self.tell(label, f"leaf {seen[at]} says that it was seen again at {at}, and its row does not")
            if len(stated) != len(set(stated)):
                self.tell(label, "its row says more than once that it was seen again at one moment")

    def _compare(self, label: str, index: int, leaf: dict[str, Any], row: dict[str, Any]) -> None:
        for field in sorted((set(leaf) | set(row)) - OF_LEAF):
            if canonical(leaf.get(field)) != canonical(row.get(field)):
                self.tell(label, f"its {shown(field)} differs: the row says {shown(canonical(row.get(field)))}, "
                                 f"leaf {index} says {shown(canonical(leaf.get(field)))}")  # fmt: skip

    def _number(self, leaf: dict[str, Any]) -> None:
        number = leaf.get("number")
        if type(number) is int and 0 < number < 10**6 and "artefact" in leaf:
            self.numbers.setdefault(said(leaf, "artefact"), set()).add(number)

    def _left_out(self) -> None:
        """Versions are numbered without a hole; a file of the evidence belongs to a leaf."""
        for artefact, numbers in sorted(self.numbers.items()):
            before = 0
            for number in sorted(numbers):
                if number > before + 1:
                    missing = (
                        f"version {before + 1} is"
                        if number == before + 2
                        else f"versions {before + 1} to {number - 1} are"
                    )
                    self.tell(artefact, f"{missing} not in the pack, and version {number} is")
                before = number
        for path in sorted(set(self.digests) - self.paths):
            if path.startswith("data/evidence/"):
                self.tell(path, "belongs to nothing that the log took in")


def steps_of(proof: Any) -> list[bytes] | None:
    """The hashes of a proof; None where it is none."""
    if not isinstance(proof, list):
        return None
    steps = [step for step in proof if isinstance(step, str) and re.fullmatch("[0-9a-f]{64}", step)]
    return [bytes.fromhex(step) for step in steps] if len(steps) == len(proof) else None


def said(leaf: dict[str, Any], field: str) -> str:
    """What a leaf says in a field, as text."""
    value = leaf.get(field)
    return shown(value if isinstance(value, str) else canonical(value))


def label_of(row: dict[str, Any], versions: dict[str, tuple[str, str]]) -> str:
    """What people call it: `EV-0042 version 3`, or what was decided of it."""
    if "artefact" in row:
        return f"{said(row, 'artefact')} version {said(row, 'number')}"
    of = versions.get(said(row, "version"), (f"version {said(row, 'version')}", ""))[0]
    return f"the decision on {of}" if "acceptance" in row else f"the supersession of {of}"
