// The days of checkpoints, which no signature holds: told by the database, they have to go with those of the leaves, which are hashed.

/** Days by which two machines' clocks, or a receipt that crosses midnight, may differ. */
const APART = 1;

/** The number of the day that a moment begins with; null where it begins with none. */
function dayOf(text) {
  const found = isText(text) ? /^([0-9]{4})-([0-9]{2})-([0-9]{2})/.exec(text) : null;
  if (!found || found[1] === "0000") return null;
  const at = new Date(`${found[0]}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== found[0] ? null : at.getTime() / 86400000;
}

/** Hold the day on which each checkpoint is said to have been signed against the checkpoints and leaves around it. */
function checkDays(days, entered, tell) {
  const told = [...days].map(([size, said]) => [size, said, dayOf(said)]).filter(([, , day]) => day !== null).sort((a, b) => a[0] - b[0]);
  const leaves = [...entered.keys()].sort((a, b) => a - b);
  const oldest = new Array(leaves.length + 1).fill(Infinity);
  for (let place = leaves.length - 1; place >= 0; place -= 1) oldest[place] = Math.min(oldest[place + 1], entered.get(leaves[place]));
  let before = null, newest = -Infinity, at = 0;
  for (const [size, said, day] of told) {
    for (; at < leaves.length && leaves[at] < size; at += 1) newest = Math.max(newest, entered.get(leaves[at]));
    let wrong = "";
    if (newest > day + APART) wrong = `holds leaf ${leaves.find((index) => entered.get(index) > day + APART)}, which was entered after it`;
    else if (oldest[at] < day - APART) {
      wrong = `does not hold leaf ${leaves.slice(at).find((index) => entered.get(index) < day - APART)}, which was entered before it`;
    }
    else if (before && before[2] > day + APART) wrong = `holds that of ${before[0]}, which is said to have been signed on ${before[1]}`;
    if (wrong) tell("data/pack.json", `says that the checkpoint of ${size} leaves was signed on ${said}, and it ${wrong}`);
    else before = [size, said, day];
  }
}
