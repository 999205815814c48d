// What the log took in, leaf by leaf: held against the files of the pack and the rows of the database.

const LEAF = 2 ** 20, ABOUT = "data/pack.json";
const OF_LEAF = new Set(["at", "entered_later", "organization", "type", "v"]);
const LISTS = new Map([["version", "items"], ["decision", "decisions"], ["supersession", "supersessions"]]);
const isText = (value) => typeof value === "string", isMap = (value) => value instanceof Map;

/** What pack.json says, with its shape made sure of. Throws NotAPack. */
async function aboutOf(pack, tell) {
  let found;
  try {
    found = parsed(decoded(await pack.read(ABOUT, TEXT)) ?? "");
  } catch (error) {
    if (error instanceof Unreadable) throw new NotAPack(`its ${ABOUT} ${error.message}`);
    if (error instanceof SyntaxError) throw new NotAPack(`its ${ABOUT} cannot be read`);
    throw error;
  }
  if (!isMap(found) || found.get("format") !== "fieldwork-pack/1") throw new NotAPack(`its ${ABOUT} is not of the format fieldwork-pack/1`);
  const text = (from, name) => (isText(from.get(name)) ? from.get(name) : "");
  const organization = isMap(found.get("organization")) ? found.get("organization") : new Map();
  const about = {
    id: text(found, "id"), organization: text(organization, "id"), madeAt: shown(text(found, "made_at")), title: shown(text(found, "title")),
    sample: organization.get("sample") === false ? "" : " A sample company with a simulated clock.",
  };
  for (const name of ["items", "decisions", "supersessions", "without_leaf", "checkpoints"]) {
    const listed = found.get(name);
    if (!Array.isArray(listed)) tell(ABOUT, `does not list ${name}`);
    about[name] = (Array.isArray(listed) ? listed : []).filter((each, place) => isSound(name, place, each, tell));
  }
  about.days = new Map(about.checkpoints.map((each) => [each.get("size"), shown(each.get("at").slice(0, 10))]));
  return about;
}

function isSound(name, place, each, tell) {
  let sound = isMap(each);
  if (sound && name === "checkpoints") sound = Number.isInteger(each.get("size")) && isText(each.get("at"));
  else if (sound && name === "without_leaf") sound = isMap(each.get("row"));
  else if (sound) {
    const row = each.get("row") ?? null, path = each.get("path") ?? null, again = each.get("again") ?? null;
    sound = Number.isInteger(each.get("leaf")) && each.get("leaf") >= 0 && (row === null || isMap(row)) && (path === null || isText(path))
      && (again === null || isSeen(again));
  }
  if (!sound) tell(ABOUT, `${name}, entry ${place}: is not built as it has to be`);
  return sound;
}

/** Whether it says when something was seen again, and up to when that is told. */
function isSeen(again) {
  const moments = isMap(again) ? again.get("at") : null;
  return Array.isArray(moments) && [again.get("until"), ...moments].every(isText);
}

const said = (leaf, field) => shown(isText(leaf.get(field)) ? leaf.get(field) : canonical(leaf.get(field)));

function labelOf(row, versions) {
  if (row.has("artefact")) return `${said(row, "artefact")} version ${said(row, "number")}`;
  const [of] = versions.get(said(row, "version")) || [`version ${said(row, "version")}`];
  return row.has("acceptance") ? `the decision on ${of}` : `the supersession of ${of}`;
}

class Ledger {
  constructor(pack, log, about, digests, tell, progress) {
    Object.assign(this, { pack, log, about, digests, tell, progress });
    this.counts = { version: 0, decision: 0, supersession: 0, sightings: 0, other: 0 };
    this.leaves = this.later = 0;
    this.versions = new Map();
    this.numbers = new Map();
    this.again = new Map();
    this.seen = new Map();
    this.paths = new Set();
    this.entered = new Map();
  }

  async check() {
    const entries = this.entries(), proofs = await this.proofs();
    const names = [...this.pack.held.keys()].map((name) => /^data\/log\/leaves\/(0|[1-9][0-9]{0,14})\.json$/.exec(name)).filter(Boolean);
    for (const index of names.map((found) => Number(found[1])).sort((a, b) => a - b)) {
      this.progress(`Leaf ${this.leaves + 1} of ${names.length}`);
      await this.leaf(index, entries.get(index), proofs.get(String(index)));
      entries.delete(index);
    }
    for (const [index, entry] of [...entries].sort(([a], [b]) => a - b)) {
      this.tell(ABOUT, `${labelOf(entry.get("row") ?? new Map(), this.versions)}: leaf ${index} is not in the pack`);
    }
    this.seenAgain();
    for (const each of this.about.without_leaf) {
      this.number(each.get("row"));
      this.tell(labelOf(each.get("row"), this.versions), "stands in the database and not in the log: when it was received cannot be proved");
    }
    this.leftOut();
    checkDays(this.about.days, this.entered, this.tell);
  }

  inWords() {
    const { version, decision, supersession, sightings, other } = this.counts;
    const unknown = other ? `, of which ${other} of types not known here: only their place was checked` : "";
    const later = this.later ? `, ${this.later} entered when the log began: of the time before it proves nothing` : "";
    const words = [several(version, "item"), several(decision, "decision"), several(supersession, "supersession")];
    if (sightings) words.push(`${several(sightings, "leaf")} of what was seen again`);
    return `${words.join(", ")}; ${several(this.leaves, "leaf")} in a log of ${this.log.size}${unknown}${later}`;
  }

  entries() {
    const found = new Map();
    for (const name of LISTS.values()) {
      for (const entry of this.about[name]) {
        if (found.has(entry.get("leaf"))) this.tell(ABOUT, `lists leaf ${entry.get("leaf")} a second time`);
        found.set(entry.get("leaf"), entry);
      }
    }
    return found;
  }

  async proofs() {
    try {
      const found = parsed(decoded(await this.pack.read(LOG + "proofs.json", TEXT)) ?? "");
      if (isMap(found) && isMap(found.get("proofs"))) return found.get("proofs");
    } catch (error) {
      if (!(error instanceof Unreadable || error instanceof SyntaxError)) throw error;
    }
    this.tell(LOG + "proofs.json", "holds no proofs");
    return new Map();
  }

  async leaf(index, entry, proof) {
    const where = `${LOG}leaves/${index}.json`;
    let content, leaf;
    this.leaves += 1;
    try {
      content = await this.pack.read(where, LEAF);
      leaf = parsed(decoded(content) ?? "");
      if (!isMap(leaf) || !isUnicode(leaf) || !isSame(bytesOf(canonical(leaf)), content)) throw new SyntaxError("not canonical");
    } catch (error) {
      if (error instanceof Unreadable) return this.tell(where, error.message);
      if (error instanceof SyntaxError) return this.tell(where, "is no leaf in canonical form");
      throw error;
    }
    this.place(index, where, sha256(Uint8Array.of(0), content), proof);
    if (leaf.get("organization") !== this.about.organization) {
      this.tell(where, `is a leaf of another organisation: ${shown(canonical(leaf.get("organization")))}`);
    }
    this.later += leaf.get("entered_later") === true ? 1 : 0;
    const day = dayOf(leaf.get("at"));
    if (day !== null) this.entered.set(index, day);
    if (leaf.get("type") === "version") this.version(index, leaf, entry);
    else if (LISTS.has(leaf.get("type"))) this.decision(index, leaf, entry, leaf.get("type"));
    else if (leaf.get("type") === "sightings") this.sightings(index, leaf);
    else this.counts.other += 1;
    return undefined;
  }

  place(index, where, found, proof) {
    if (index >= this.log.size) return this.tell(where, `has no place in a log of ${this.log.size} leaves`);
    if (hexOf(found) !== this.log.hashes[index]) return this.tell(where, `leaf ${index} does not give the hash that the log has in its place`);
    const isProof = Array.isArray(proof) && proof.every((step) => isText(step) && /^[0-9a-f]{64}$/.test(step));
    if (isProof && isSame(ledTo(found, index, this.log.size, proof.map(fromHex)), this.log.root)) return undefined;
    return this.tell(LOG + "proofs.json", `the proof of leaf ${index} does not lead to the root of the log`);
  }

  version(index, leaf, entry) {
    this.counts.version += 1;
    const label = labelOf(leaf, new Map()), row = entry ? entry.get("row") ?? null : null;
    this.number(leaf);
    this.versions.set(said(leaf, "id"), [label, said(leaf, "sha256")]);
    if (row === null) {
      this.tell(label, `its row was deleted: leaf ${index} says that ${said(leaf, "filename")} of ${said(leaf, "size")} bytes, `
        + `SHA-256 ${said(leaf, "sha256")}, was received at ${said(leaf, "received_at")}`);
    } else {
      this.compare(label, index, leaf, row);
      if ((entry.get("again") ?? null) !== null) this.again.set(said(leaf, "id"), entry.get("again"));
    }
    this.file(label, index, leaf, entry ? entry.get("path") ?? null : null);
  }

  file(label, index, leaf, path) {
    if (path === null) return this.tell(label, `its file is not in the pack: leaf ${index} says SHA-256 ${said(leaf, "sha256")}`);
    this.paths.add(path);
    const [digest] = this.digests.get(path) || [];
    if (!digest) return this.tell(label, `its file ${shown(path)} is not there or cannot be read`);
    if (digest === leaf.get("sha256")) return undefined;
    return this.tell(path, `is not the file that was received as ${label}: its SHA-256 is ${digest}, leaf ${index} says ${said(leaf, "sha256")}`);
  }

  decision(index, leaf, entry, kind) {
    this.counts[kind] += 1;
    const label = labelOf(leaf, this.versions), known = this.versions.get(said(leaf, "version")), row = entry ? entry.get("row") ?? null : null;
    if (!known) {
      this.tell(`${LOG}leaves/${index}.json`, "speaks of a version whose leaf is not in the pack before it");
    } else if (kind === "decision" && leaf.get("version_sha256") !== known[1]) {
      this.tell(label, `leaf ${index} decides on SHA-256 ${said(leaf, "version_sha256")}, and ${known[0]} has ${known[1]}`);
    }
    if (row === null) {
      const what = kind === "decision" ? said(leaf, "acceptance") : "superseded";
      this.tell(label, `its row was deleted: leaf ${index} says ${what} by ${said(leaf, "decided_by")} at ${said(leaf, "decided_at")}, `
        + `reason ${shown(canonical(leaf.get("reason")))}`);
    } else {
      this.compare(label, index, leaf, row);
    }
  }

  sightings(index, leaf) {
    this.counts.sightings += 1;
    const seen = leaf.get("seen");
    for (const each of Array.isArray(seen) ? seen : []) {
      const known = isMap(each) ? this.versions.get(said(each, "version")) : undefined;
      if (!known) continue;
      const digest = said(each, "sha256"), at = said(each, "at"), version = said(each, "version");
      if (digest !== known[1]) this.tell(known[0], `leaf ${index} says that it was seen again with SHA-256 ${digest}, and it has ${known[1]}`);
      if (!this.seen.has(version)) this.seen.set(version, new Map());
      if (!this.seen.get(version).has(at)) this.seen.get(version).set(at, index);
    }
  }

  seenAgain() {
    for (const [version, again] of this.again) {
      const [label] = this.versions.get(version), seen = this.seen.get(version) ?? new Map();
      const listed = again.get("at").map((each) => shown(each)), stated = new Set(listed);
      for (const at of stated) if (!seen.has(at)) this.tell(label, `its row says that it was seen again at ${at}, and no leaf says so`);
      for (const [at, index] of seen) {
        if (!stated.has(at) && at < again.get("until")) {
          this.tell(label, `leaf ${index} says that it was seen again at ${at}, and its row does not`);
        }
      }
      if (listed.length !== stated.size) this.tell(label, "its row says more than once that it was seen again at one moment");
    }
  }

  compare(label, index, leaf, row) {
    for (const field of [...new Set([...leaf.keys(), ...row.keys()])].filter((name) => !OF_LEAF.has(name)).sort()) {
      const [inRow, inLeaf] = [canonical(row.get(field)), canonical(leaf.get(field))];
      if (inRow !== inLeaf) this.tell(label, `its ${shown(field)} differs: the row says ${shown(inRow)}, leaf ${index} says ${shown(inLeaf)}`);
    }
  }

  number(leaf) {
    const number = leaf.get("number");
    if (!Number.isInteger(number) || number <= 0 || number >= 10 ** 6 || !leaf.has("artefact")) return;
    const artefact = said(leaf, "artefact");
    if (!this.numbers.has(artefact)) this.numbers.set(artefact, new Set());
    this.numbers.get(artefact).add(number);
  }

  leftOut() {
    for (const [artefact, numbers] of [...this.numbers].sort(([a], [b]) => (a < b ? -1 : 1))) {
      let before = 0;
      for (const number of [...numbers].sort((a, b) => a - b)) {
        const missing = number === before + 2 ? `version ${before + 1} is` : `versions ${before + 1} to ${number - 1} are`;
        if (number > before + 1) this.tell(artefact, `${missing} not in the pack, and version ${number} is`);
        before = number;
      }
    }
    for (const path of [...this.digests.keys()].sort()) {
      if (path.startsWith("data/evidence/") && !this.paths.has(path)) this.tell(path, "belongs to nothing that the log took in");
    }
  }
}
