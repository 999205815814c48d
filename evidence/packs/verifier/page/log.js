// The log: its list of hashes, and every checkpoint that was signed of it.

const LOG = "data/log/", GONE = "0".repeat(64);

/** The keys that signatures are held against: those that the reader gave, else those that the pack brings. */
async function keysOf(pack, given, tell) {
  const where = LOG + "key.txt", found = new Map(), trusted = new Map();
  for (const line of (await textOf(pack, where, tell, NOTE)).split("\n")) {
    const key = keyOf(line);
    if (key) found.set(...key);
    else if (line.trim()) tell(where, `is no key of a log: ${shown(line)}`);
  }
  for (const text of given) {
    const key = keyOf(text);
    if (key) trusted.set(...key);
    else tell("the key that you gave", `is no key of a log: ${shown(text)}`);
  }
  if (!given.length) return found;
  for (const [name, raw] of found) {
    if (!trusted.has(name) || !isSame(trusted.get(name), raw)) tell(where, `holds the key ${shown(name)}, which is none that you gave`);
  }
  return trusted;
}

async function checkSeal(pack, keys, head, digests, tell) {
  const [text, wrong] = opened(bytesOf(await textOf(pack, SIGNATURE, tell, NOTE)), keys);
  if (wrong) tell(SIGNATURE, wrong);
  if (!text) return;
  const lines = text.split("\n");
  if (lines.length !== 5 || lines[0] !== "fieldwork-pack") return void tell(SIGNATURE, "does not seal a pack");
  if (lines[1] !== head.id) tell(SIGNATURE, `seals another pack: ${shown(lines[1])}`);
  [MANIFEST, TAGS].forEach((name, place) => {
    if (lines[2 + place] !== `sha256 ${(digests.get(name) || [""])[0]}`) tell(SIGNATURE, `seals another ${name} than the one that is here`);
  });
}

/** Hold every checkpoint against the list of hashes. Returns [log, how many checkpoints were good notes]. */
async function checkLog(pack, keys, kept, head, tell) {
  const log = await hashesOf(pack, tell), origin = `fieldwork/${head.organization}`;
  const names = [LOG + "checkpoint.txt", ...[...pack.held.keys()].filter((name) => name.startsWith(LOG + "checkpoints/")).sort()];
  const notes = [];
  for (const name of names) notes.push([name, bytesOf(await textOf(pack, name, tell, NOTE))]);
  const found = [...notes, ...kept].map(([where, note]) => checkpointOf(where, note, keys, origin, tell)).filter(Boolean);
  for (const { size, where } of found) {
    if (where === LOG + "checkpoint.txt" && size !== log.size) tell(where, `is of ${several(size, "leaf")}, and ${LOG}leaf-hashes.txt lists ${log.size}`);
    else if (size > log.size) {
      tell(where, `was signed over ${several(size, "leaf")}, and the log in this pack has ${log.size}: `
        + "either the log was cut back, or the pack is older than the checkpoint");
    }
  }
  found.sort((a, b) => a.size - b.size || (hexOf(a.root) < hexOf(b.root) ? -1 : hexOf(a.root) > hexOf(b.root) ? 1 : a.where < b.where ? -1 : 1));
  reproduce(log, found, head.days, tell);
  return [log, found.length];
}

async function hashesOf(pack, tell) {
  const where = LOG + "leaf-hashes.txt", lines = (await textOf(pack, where, tell)).split("\n"), found = [];
  for (const [place, line] of lines.entries()) {
    if (/^[0-9a-f]{64}$/.test(line)) {
      found.push(line);
      if (line === GONE) tell(`${where}, line ${place + 1}`, `leaf ${place} is gone from the log`);
    }
    else if (line || place + 1 < lines.length) {
      tell(`${where}, line ${place + 1}`, "is no hash");
      return { hashes: [], size: 0, root: null };
    }
  }
  return { hashes: found, size: found.length, root: null };
}

function checkpointOf(where, note, keys, origin, tell) {
  const [text, wrong] = opened(note, keys);
  const read = /^([^\n]+)\n(0|[1-9][0-9]{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  if (wrong) tell(where, wrong);
  else if (!read) tell(where, "is no checkpoint of a log");
  else if (read[1] !== origin) tell(where, `is of another log: ${shown(read[1])}`);
  else return { size: Number(read[2]), root: unbased(read[3]), where };
  return null;
}

/** Compute the root at each size that was signed; tell each run of checkpoints that differ once. */
function reproduce(log, checkpoints, days, tell) {
  const tree = new Tree();
  let at = 0, good = 0, wrong = [];
  for (const each of [...checkpoints, null]) {
    for (; at < log.size && (each === null || at < each.size); at += 1) tree.add(fromHex(log.hashes[at]));
    if (each && each.size > log.size) continue;
    if (each && !isSame(tree.root(), each.root)) {
      wrong.push(each);
      continue;
    }
    if (wrong.length) tellRewritten(wrong, good, days, tell);
    good = each ? each.size : 0;
    wrong = [];
  }
  log.root = tree.root();
}

function tellRewritten(wrong, good, days, tell) {
  const [{ size, where }] = wrong, day = days.get(size) ?? "a day not known", before = days.get(good) ?? "the beginning";
  const more = wrong.length > 1 ? `. ${several(wrong.length - 1, "later checkpoint")} cannot be reproduced either` : "";
  tell(where, `the log was rewritten: its first ${size} leaves no longer give the root that was signed on ${day}. `
    + `The change lies from leaf ${good} to leaf ${size - 1}, between ${before} and ${day}${more}`);
}
