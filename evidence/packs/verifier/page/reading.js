// Text of a pack, which may be hostile: made safe to show, and read as JSON without surprises.

const HIDDEN = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class NotAPack extends Error {}
class Unreadable extends Error {}

const spelled = (text) => text.replace(HIDDEN, (one) => "\\u" + one.charCodeAt(0).toString(16).padStart(4, "0"));

function shown(text, most = 200) {
  const said = Array.from(spelled(text));
  return said.length <= most ? said.join("") : said.slice(0, most).join("") + "…";
}

function decoded(bytes) {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

const several = (number, noun) => `${number} ${number === 1 ? noun : noun === "leaf" ? "leaves" : noun + "s"}`;

/** RFC 8785, for what leaves are made of. */
function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (value instanceof Map) {
    return "{" + [...value.keys()].sort().map((key) => JSON.stringify(key) + ":" + canonical(value.get(key))).join(",") + "}";
  }
  return JSON.stringify(value ?? null);
}

/** Whether every text in a value is Unicode: half a surrogate pair is none, and has no canonical form. */
function isUnicode(value) {
  if (Array.isArray(value)) return value.every(isUnicode);
  if (value instanceof Map) return [...value].every(([key, held]) => isUnicode(key) && isUnicode(held));
  return typeof value !== "string" || !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value);
}

/** JSON without fractions and without names that stand twice, objects as Map. Throws SyntaxError. */
function parsed(text) {
  const space = /[ \t\n\r]*/y, string = /"(?:[^"\\\x00-\x1f]|\\.)*"/y, number = /-?(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
  let at = 0;
  const fail = () => { throw new SyntaxError("at " + at); };
  const match = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found ? found[0] : null;
  };
  const next = (sign) => { match(space); if (text[at] !== sign) return false; at += 1; return true; };
  const need = (sign) => { if (!next(sign)) fail(); };
  const word = () => { match(space); const found = match(string); if (found === null) fail(); return JSON.parse(found); };
  const value = (depth) => {
    if (depth > 400) fail();
    match(space);
    if (text[at] === "{") return object(depth);
    if (text[at] === "[") return list(depth);
    if (text[at] === '"') return word();
    for (const [said, meant] of [["true", true], ["false", false], ["null", null]]) {
      if (text.startsWith(said, at)) { at += said.length; return meant; }
    }
    const digits = match(number);
    if (digits === null || digits.length > 17 || !Number.isSafeInteger(Number(digits))) fail();
    return Number(digits) + 0;
  };
  const object = (depth) => {
    const found = new Map();
    at += 1;
    if (next("}")) return found;
    do {
      const name = word();
      if (found.has(name)) fail();
      need(":");
      found.set(name, value(depth + 1));
    } while (next(","));
    need("}");
    return found;
  };
  const list = (depth) => {
    const found = [];
    at += 1;
    if (next("]")) return found;
    do found.push(value(depth + 1)); while (next(","));
    need("]");
    return found;
  };
  const whole = value(0);
  match(space);
  if (at !== text.length) fail();
  return whole;
}
