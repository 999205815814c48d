// The page: takes the pack, shows what was found. Text of the pack goes in as text, never as markup.

const MOST_SHOWN = 2000;
const part = (id) => document.getElementById(id);

/** Every check, from the outside in. Returns what was checked, in words. */
async function check(blob, kept, given, tell, progress) {
  const pack = await ZipPack.open(blob), about = await aboutOf(pack, tell);
  const digests = await checkBag(pack, tell, progress), keys = await keysOf(pack, given, tell);
  await checkSeal(pack, keys, about, digests, tell);
  const [log, checkpoints] = await checkLog(pack, keys, kept, about, tell);
  const ledger = new Ledger(pack, log, about, digests, tell, progress);
  await ledger.check();
  const bytes = [...digests.values()].reduce((sum, [, size]) => sum + size, 0);
  const whence = given.length ? "You gave them." : "The pack brings them: hold them against what the organisation told you.";
  return [
    `Pack: ${about.title}. Made ${about.madeAt}.${about.sample}`,
    `Keys: ${[...keys.keys()].sort().join(", ") || "none"}. ${whence}`,
    `Checked: ${ledger.inWords()}; ${several(checkpoints, "checkpoint")}; ${several(digests.size, "file")} of ${several(bytes, "byte")}.`,
  ];
}

function verdict(state, text) {
  part("verdict").dataset.s = state;
  part("verdict").textContent = text;
}

function row(where, what) {
  const line = document.createElement("tr"), head = document.createElement("th"), cell = document.createElement("td");
  head.scope = "row";
  head.textContent = spelled(where);
  cell.textContent = spelled(what);
  line.append(head, cell);
  return line;
}

function begin() {
  verdict("", "Verifying");
  part("result").hidden = false;
  part("problems").hidden = part("more").hidden = true;
  part("problems").tBodies[0].replaceChildren();
  part("checked").replaceChildren();
  part("go").disabled = true;
}

function listed(problems, lines) {
  part("problems").tBodies[0].replaceChildren(...problems.slice(0, MOST_SHOWN).map(([where, what]) => row(where, what)));
  part("problems").hidden = !problems.length;
  part("more").hidden = problems.length <= MOST_SHOWN;
  part("more").textContent = `${problems.length - MOST_SHOWN} more are not shown; verify.py prints all.`;
  part("checked").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: spelled(line) })));
}

async function verify(event) {
  event.preventDefault();
  const problems = [], began = performance.now();
  let lines = [], told = 0;
  const progress = (text) => {
    if (performance.now() - told > 500) { told = performance.now(); part("progress").textContent = text; }
  };
  begin();
  try {
    const kept = [];
    for (const file of part("kept").files) kept.push([`the checkpoint ${file.name}`, new Uint8Array(await file.slice(0, 10_000).arrayBuffer())]);
    const given = part("key").value.split("\n").filter((line) => line.trim());
    lines = await check(part("pack").files[0], kept, given, (where, what) => problems.push([where, what]), progress);
    if (problems.length) verdict("fail", `${several(problems.length, "problem")} found`);
    else verdict("pass", "Nothing differs");
  } catch (error) {
    if (error instanceof NotAPack) verdict("unknown", `Not a pack: ${spelled(error.message)}`);
    else verdict("unknown", `It could not be verified here (${error.name}: ${spelled(error.message)}). Use verify.py`);
  }
  listed(problems, lines);
  part("progress").textContent = `It took ${((performance.now() - began) / 1000).toFixed(1)} s.`;
  part("go").disabled = false;
  part("verdict").focus();
}

function dropped(event) {
  event.preventDefault();
  part("drop").classList.remove("over");
  if (event.dataTransfer.files.length) part("pack").files = event.dataTransfer.files;
}

part("form").addEventListener("submit", verify);
part("drop").addEventListener("dragover", (event) => { event.preventDefault(); part("drop").classList.add("over"); });
part("drop").addEventListener("dragleave", () => part("drop").classList.remove("over"));
part("drop").addEventListener("drop", dropped);
