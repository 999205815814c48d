// The files of a pack in its zip, read in place. Nothing is unpacked to anywhere.

const RATIO = 200, SMALL = 1 << 24;
const CP437 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
const NO_ZIP = "it is no zip that can be read: it was cut short, or is something else";

const sliced = async (blob, from, to) => new DataView(await blob.slice(from, to).arrayBuffer());

function isUnsafe(name) {
  const astray = name.split("/").some((part) => part === "" || part === "." || part === "..");
  return astray || Array.from(name).length > 1000 || /[\\:]/.test(name) || spelled(name) !== name;
}

/** Where the zip's list of files is: [offset, bytes, count, what stands before the zip]. */
async function directoryOf(blob) {
  const from = Math.max(0, blob.size - 65557), tail = await sliced(blob, from, blob.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new NotAPack(NO_ZIP);
  let size = tail.getUint32(end + 12, true), offset = tail.getUint32(end + 16, true), ends = from + end;
  if (ends >= 76 && (await sliced(blob, ends - 20, ends)).getUint32(0, true) === 0x07064b50) {
    const large = await sliced(blob, ends - 76, ends - 20);
    if (large.getUint32(0, true) !== 0x06064b50) throw new NotAPack(NO_ZIP);
    size = Number(large.getBigUint64(40, true));
    offset = Number(large.getBigUint64(48, true));
    ends -= 76;
  }
  const before = ends - size - offset;
  if (before < 0) throw new NotAPack(NO_ZIP);
  return [offset + before, size, before];
}

function entryOf(list, at, before) {
  const names = list.getUint16(at + 28, true), extras = list.getUint16(at + 30, true), notes = list.getUint16(at + 32, true);
  const raw = new Uint8Array(list.buffer, list.byteOffset + at + 46, names);
  const flags = list.getUint16(at + 8, true);
  const name = flags & 0x800 ? decoded(raw) : Array.from(raw, (one) => (one < 128 ? String.fromCharCode(one) : CP437[one - 128])).join("");
  if (name === null) throw new NotAPack(NO_ZIP);
  const entry = {
    name, flags, method: list.getUint16(at + 10, true), packed: list.getUint32(at + 20, true), size: list.getUint32(at + 24, true),
    mode: list.getUint32(at + 38, true) >>> 16, offset: list.getUint32(at + 42, true), next: at + 46 + names + extras + notes,
  };
  for (let here = at + 46 + names, stop = here + extras; here + 4 <= stop; here += 4 + list.getUint16(here + 2, true)) {
    if (list.getUint16(here, true) !== 1) continue;
    let part = here + 4;
    for (const field of ["size", "packed", "offset"]) {
      if (entry[field] === 0xffffffff) { entry[field] = Number(list.getBigUint64(part, true)); part += 8; }
    }
  }
  entry.offset += before;
  return entry;
}

class ZipPack {
  static async open(blob) {
    const pack = new ZipPack();
    pack.blob = blob;
    pack.held = new Map();
    pack.refused = [];
    let found = [];
    try {
      const [offset, size, before] = await directoryOf(blob);
      const list = await sliced(blob, offset, offset + size);
      for (let at = 0; at < size;) {
        if (list.getUint32(at, true) !== 0x02014b50) throw new NotAPack(NO_ZIP);
        const entry = entryOf(list, at, before);
        found.push(entry);
        at = entry.next;
      }
    } catch (error) {
      if (error instanceof RangeError) throw new NotAPack(NO_ZIP);
      throw error;
    }
    found = found.filter((entry) => !entry.name.endsWith("/"));
    const tops = new Set(found.filter((entry) => /^[^/]+\/bagit\.txt$/.test(entry.name)).map((entry) => entry.name.slice(0, -9)));
    if (tops.size !== 1) throw new NotAPack("it does not hold one folder with a bagit.txt");
    pack.top = [...tops][0];
    pack.take(found);
    return pack;
  }

  take(found) {
    const counts = new Map();
    for (const { name } of found) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) || 0) + 1);
    let end = 0;
    for (const entry of [...found].sort((a, b) => a.offset - b.offset)) {
      const overlaps = entry.offset < end;
      end = Math.max(end, entry.offset + 30 + entry.packed);
      const why = this.whyNot(entry, counts.get(entry.name.toLowerCase()) > 1, overlaps);
      if (why) this.refused.push([entry.name, why]);
      else this.held.set(entry.name.slice(this.top.length), entry);
    }
  }

  whyNot(entry, isDouble, overlaps) {
    if (isUnsafe(entry.name) || !entry.name.startsWith(this.top)) return "a name that leads out of the pack's folder; it was not read";
    if (isDouble) return "this name stands more than once in the zip; none of them was read";
    if ((entry.mode & 0o170000) === 0o120000) return "a link and not a file; it was not followed";
    if (entry.flags & 1 || ![0, 8].includes(entry.method)) return "packed in a way that no pack is; it was not read";
    if (overlaps) return "lies over another file of the zip; it was not read";
    if (entry.size > SMALL && entry.size > RATIO * entry.packed) return `would grow to more than ${RATIO} times its size; it was not read`;
    return "";
  }

  /** The bytes of a file, piece after piece. Throws Unreadable. */
  async *stream(name) {
    const entry = this.held.get(name);
    const head = await sliced(this.blob, entry.offset, entry.offset + 30);
    if (head.byteLength < 30 || head.getUint32(0, true) !== 0x04034b50) throw new Unreadable("cannot be read to its end");
    const start = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
    const packed = this.blob.slice(start, start + entry.packed).stream();
    const reader = (entry.method ? packed.pipeThrough(new DecompressionStream("deflate-raw")) : packed).getReader();
    let size = 0;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        size += value.length;
        if (size > entry.size) break;
        yield value;
      }
    } catch {
      size = -1;
    } finally {
      reader.cancel().catch(() => {});
    }
    if (size !== entry.size) throw new Unreadable("cannot be read to its end");
  }

  async read(name, most) {
    if (!this.held.has(name)) throw new Unreadable("is not there");
    const pieces = [];
    let size = 0;
    for await (const piece of this.stream(name)) {
      pieces.push(piece);
      size += piece.length;
      if (size > most) throw new Unreadable(`is longer than the ${most} bytes that it may have`);
    }
    return joined(...pieces);
  }
}
