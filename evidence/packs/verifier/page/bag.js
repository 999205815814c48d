// The bag (RFC 8493): every file is listed, is there, and has the digest that the manifest says.

const MANIFEST = "manifest-sha256.txt", TAGS = "tagmanifest-sha256.txt", SIGNATURE = "signature.txt";
const DECLARED = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const TEXT = 2 ** 28, NOTE = 10_000;

async function textOf(pack, name, tell, most = TEXT) {
  try {
    const text = decoded(await pack.read(name, most));
    if (text !== null) return text;
    tell(name, "is not text in UTF-8");
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    tell(name, error.message);
  }
  return "";
}

/** Hold the files against the manifests. Returns [SHA-256 in hex, size] of each that could be read. */
async function checkBag(pack, tell, progress) {
  for (const [name, why] of pack.refused) tell(name, why);
  if ((await textOf(pack, "bagit.txt", tell, NOTE)).replaceAll("\r", "") !== DECLARED) tell("bagit.txt", "does not declare a bag of BagIt 1.0");
  const digests = new Map();
  let at = 0;
  for (const name of [...pack.held.keys()].sort()) {
    progress(`File ${at += 1} of ${pack.held.size}`);
    try {
      const digest = new Sha256();
      for await (const piece of pack.stream(name)) digest.update(piece);
      const { size } = digest;
      digests.set(name, [hexOf(digest.digest()), size]);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      tell(name, error.message);
    }
  }
  const listed = new Map([...await listedIn(pack, MANIFEST, tell), ...await listedIn(pack, TAGS, tell)]);
  const there = new Set([...pack.refused.map(([name]) => name.slice(name.indexOf("/") + 1)), ...pack.held.keys()]);
  for (const name of [...new Set([...listed.keys(), ...digests.keys()])].sort()) hold(name, digests, listed, there, tell);
  await weigh(pack, digests, tell);
  return digests;
}

async function listedIn(pack, manifest, tell) {
  const found = new Map();
  (await textOf(pack, manifest, tell)).split("\n").forEach((line, place) => {
    const [, digest, path] = /^([0-9a-f]{64})[ \t]+([^\r]+)\r?$/.exec(line) || [], where = `${manifest}, line ${place + 1}`;
    if (!path) {
      if (line.replaceAll("\r", "")) tell(where, "is no digest with a path");
    } else if (found.has(path)) {
      tell(where, `lists ${shown(path)} a second time`);
    } else if (path.startsWith("data/") !== (manifest === MANIFEST)) {
      tell(where, `lists ${shown(path)}, which the other manifest has to list`);
    } else {
      found.set(path, [digest, manifest]);
    }
  });
  return found;
}

function hold(name, digests, listed, there, tell) {
  if (!listed.has(name)) {
    if (name !== TAGS && name !== SIGNATURE) tell(name, "is a file that no manifest knows");
    return;
  }
  const [digest, manifest] = listed.get(name);
  if (digests.has(name)) {
    if (digests.get(name)[0] !== digest) tell(name, `was changed: its SHA-256 is ${digests.get(name)[0]}, ${manifest} says ${digest}`);
  } else if (!there.has(name)) {
    tell(name, `is listed in ${manifest}, and not there`);
  }
}

async function weigh(pack, digests, tell) {
  const said = /^Payload-Oxum: ([0-9]+)[.]([0-9]+)$/m.exec(await textOf(pack, "bag-info.txt", tell, NOTE));
  const sizes = [...digests].filter(([name]) => name.startsWith("data/")).map(([, [, size]]) => size);
  const sum = sizes.reduce((all, size) => all + size, 0);
  if (!said || said[1] !== String(sum) || said[2] !== String(sizes.length)) {
    const claimed = said ? `${said[1]} bytes in ${said[2]} files` : "nothing";
    tell("bag-info.txt", `says of the payload ${claimed}, and ${sum} bytes in ${sizes.length} files are there`);
  }
}
