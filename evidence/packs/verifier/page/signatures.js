// Signed notes: Ed25519 of RFC 8032, for verifying only, and the keys and notes of C2SP.

const P = 2n ** 255n - 19n, ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const modulo = (x) => { const rest = x % P; return rest < 0n ? rest + P : rest; };

function power(base, exponent) {
  let found = 1n;
  for (base = modulo(base); exponent; exponent >>= 1n, base = modulo(base * base)) if (exponent & 1n) found = modulo(found * base);
  return found;
}

const D = modulo(-121665n * power(121666n, P - 2n)), ROOT = power(2n, (P - 1n) / 4n);
const littleEnd = (bytes) => BigInt("0x" + (hexOf(Array.from(bytes).reverse()) || "0"));

function plus(a, b) {
  const e = modulo((a[1] - a[0]) * (b[1] - b[0])), f = modulo((a[1] + a[0]) * (b[1] + b[0]));
  const g = modulo(2n * a[3] * b[3] * D), h = modulo(2n * a[2] * b[2]);
  return [modulo((f - e) * (h - g)), modulo((h + g) * (f + e)), modulo((h - g) * (h + g)), modulo((f - e) * (f + e))];
}

function times(scalar, point) {
  let found = [0n, 1n, 1n, 0n];
  for (; scalar; scalar >>= 1n, point = plus(point, point)) if (scalar & 1n) found = plus(found, point);
  return found;
}

/** RFC 8032, 5.1.3; null where the bytes are no point. */
function pointOf(bytes) {
  const raw = littleEnd(bytes), odd = raw >> 255n, y = raw & (1n << 255n) - 1n;
  const square = modulo((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (modulo(x * x - square)) x = modulo(x * ROOT);
  if (y >= P || modulo(x * x - square) || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, modulo(x * y)];
}

const BASE = (() => {
  const y = modulo(4n * power(5n, P - 2n));
  return pointOf(fromHex(y.toString(16).padStart(64, "0")).reverse());
})();

/** Whether an Ed25519 key signed a text (RFC 8032, 5.1.7). */
function isSigned(key, text, signature) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const open = pointOf(key), r = pointOf(signature.subarray(0, 32)), s = littleEnd(signature.subarray(32));
  if (!open || !r || s >= ORDER) return false;
  const challenge = littleEnd(sha512(joined(signature.subarray(0, 32), key, text))) % ORDER;
  const left = times(s, BASE), right = plus(r, times(challenge, open));
  return !modulo(left[0] * right[2] - right[0] * left[2]) && !modulo(left[1] * right[2] - right[1] * left[2]);
}

function unbased(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return new Uint8Array();
  return Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
}

/** `<name>+<id>+<base64>` as [`<name>+<id>`, 32 bytes]; null where it is no key of a log. */
function keyOf(text) {
  const [, name, id, based] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text.trim()) || [];
  const raw = unbased(based || "");
  if (raw.length !== 33 || raw[0] !== 1 || hexOf(sha256(bytesOf(name + "\n"), raw).subarray(0, 4)) !== id) return null;
  return [`${name}+${id}`, raw.subarray(1)];
}

/** The text of a signed note, and what is wrong with it: "" where one of the keys signed it. */
function opened(bytes, keys) {
  const note = decoded(bytes), cut = note === null ? -1 : note.lastIndexOf("\n\n");
  const signed = cut < 1 ? [] : [...note.slice(cut + 2).matchAll(/^\u2014 ([^ \n]+) ([A-Za-z0-9+/=]+)$/gm)].map(([, name, said]) => {
    const raw = unbased(said);
    return [`${name}+${hexOf(raw.subarray(0, 4))}`, raw.subarray(4)];
  });
  if (!signed.length) return ["", "is no signed note"];
  const text = note.slice(0, cut) + "\n", known = signed.filter(([name]) => keys.has(name));
  if (!known.length) return [text, `is signed by the key ${signed[0][0]}, which is none of this pack's`];
  if (!known.some(([name, signature]) => isSigned(keys.get(name), bytesOf(text), signature))) {
    return [text, `its signature by ${known[0][0]} is wrong`];
  }
  return [text, ""];
}
