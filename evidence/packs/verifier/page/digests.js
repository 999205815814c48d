// SHA-256 in pieces, SHA-512 of short texts, and the trees of RFC 6962. Own code: a page on a disk may have no crypto.subtle.

const bytesOf = (text) => new TextEncoder().encode(text);
const hexOf = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from({ length: text.length / 2 }, (_, place) => parseInt(text.substr(2 * place, 2), 16));
const isSame = (a, b) => a !== null && b !== null && a.length === b.length && a.every((one, place) => one === b[place]);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

const PRIMES = (() => {
  const found = [];
  for (let n = 2; found.length < 80; n += 1) if (found.every((prime) => n % prime)) found.push(n);
  return found;
})();

/** The first `bits` bits of the fractional part of a root of a prime, as FIPS 180-4 makes its constants. */
function fraction(prime, degree, bits) {
  const scaled = BigInt(prime) << BigInt(bits * degree);
  let low = 0n, high = 1n << BigInt(bits + 8);
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= scaled) low = middle; else high = middle;
  }
  return BigInt.asUintN(bits, low);
}

const K256 = Int32Array.from(PRIMES.slice(0, 64), (prime) => Number(BigInt.asIntN(32, fraction(prime, 3, 32))));
const H256 = Int32Array.from(PRIMES.slice(0, 8), (prime) => Number(BigInt.asIntN(32, fraction(prime, 2, 32))));

class Sha256 {
  constructor() {
    this.state = H256.slice();
    this.block = new Uint8Array(64);
    this.words = new Int32Array(64);
    this.held = 0;
    this.size = 0;
  }

  update(bytes) {
    this.size += bytes.length;
    let at = 0;
    if (this.held) {
      at = Math.min(64 - this.held, bytes.length);
      this.block.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return this;
      this.take(this.block, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) this.take(bytes, at);
    this.block.set(bytes.subarray(at));
    this.held = bytes.length - at;
    return this;
  }

  take(bytes, at) {
    const w = this.words, s = this.state;
    for (let i = 0; i < 16; i += 1, at += 4) w[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
    }
    let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (let i = 0; i < 64; i += 1) {
      const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K256[i] + w[i] | 0;
      const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
    }
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
  }

  digest() {
    const size = this.size, padding = new Uint8Array((this.held < 56 ? 64 : 128) - this.held);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt(size) * 8n);
    this.update(padding);
    const found = new Uint8Array(32);
    this.state.forEach((word, place) => new DataView(found.buffer).setInt32(4 * place, word));
    return found;
  }
}

const sha256 = (...parts) => parts.reduce((digest, part) => digest.update(part), new Sha256()).digest();

const K512 = PRIMES.map((prime) => fraction(prime, 3, 64));
const turned = (x, by) => x >> BigInt(by) | BigInt.asUintN(64, x << BigInt(64 - by));

function sha512(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 17) / 128) * 128);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const state = PRIMES.slice(0, 8).map((prime) => fraction(prime, 2, 64));
  const cut = (x) => BigInt.asUintN(64, x);
  for (let at = 0; at < padded.length; at += 128) {
    const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i));
    for (let i = 16; i < 80; i += 1) {
      const x = w[i - 15], y = w[i - 2];
      w.push(cut(w[i - 16] + w[i - 7] + (turned(x, 1) ^ turned(x, 8) ^ x >> 7n) + (turned(y, 19) ^ turned(y, 61) ^ y >> 6n)));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i += 1) {
      const t = h + (turned(e, 14) ^ turned(e, 18) ^ turned(e, 41)) + (e & f ^ cut(~e) & g) + K512[i] + w[i];
      const u = (turned(a, 28) ^ turned(a, 34) ^ turned(a, 39)) + (a & b ^ a & c ^ b & c);
      h = g; g = f; f = e; e = cut(d + t); d = c; c = b; b = a; a = cut(t + u);
    }
    [a, b, c, d, e, f, g, h].forEach((word, place) => { state[place] = cut(state[place] + word); });
  }
  const found = new Uint8Array(64);
  state.forEach((word, place) => new DataView(found.buffer).setBigUint64(8 * place, word));
  return found;
}

const node = (left, right) => sha256(Uint8Array.of(1), left, right);

/** RFC 6962, section 2.1: the root of all hashes added so far. */
class Tree {
  constructor() { this.whole = []; }

  add(hash) {
    let height = 0;
    while (this.whole.length && this.whole.at(-1)[0] === height) {
      hash = node(this.whole.pop()[1], hash);
      height += 1;
    }
    this.whole.push([height, hash]);
  }

  root() {
    if (!this.whole.length) return sha256();
    return this.whole.map(([, hash]) => hash).reduceRight((found, left) => node(left, found));
  }
}

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), null where it is too long or too short. */
function ledTo(found, index, size, proof) {
  let last = size - 1;
  const half = (n) => Math.floor(n / 2);
  for (const other of proof) {
    if (last === 0) return null;
    if (index % 2 || index === last) {
      found = node(other, found);
      while (index && !(index % 2)) { index = half(index); last = half(last); }
    } else {
      found = node(found, other);
    }
    index = half(index);
    last = half(last);
  }
  return last === 0 ? found : null;
}
