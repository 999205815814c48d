// Files in parts of a few megabytes: dropped, chosen or pasted, each with its own progress, its own retry and its own way out.
// A part is sent with its SHA-256. What is there already is asked for first and compared, so that a broken connection, or the
// same file chosen again tomorrow, goes on where it stopped. Without this script the plain form below takes one file.
const PAUSES = [500, 1500, 4000, 8000, 15000];
const AT_ONCE = 2;

const box = document.querySelector("[data-uploads]");
// Digests need a secure page; the plain form needs nothing.
if (box && crypto.subtle) begin(box);

function begin(box) {
  const plain = document.querySelector("form[data-plain]");
  const token = plain.querySelector("[name=csrfmiddlewaretoken]").value;
  const list = box.querySelector(".files");
  const go = box.querySelector("[data-go]");
  const waiting = [];
  let running = 0;
  if (!plain.querySelector(".bad")) plain.hidden = true;
  box.hidden = false;

  box.querySelector("input[type=file]").addEventListener("change", (event) => {
    take([...event.target.files]);
    event.target.value = "";
  });
  box.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) take(files.map(named));
  });
  addEventListener("beforeunload", (event) => {
    if (running) event.preventDefault();
  });

  function take(files) {
    for (const file of files) waiting.push(row(file));
    next();
  }

  function next() {
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      const one = waiting.shift();
      send(one).catch((error) => one.failed(error.message)).finally(() => {
        running -= 1;
        next();
      });
    }
  }

  function row(file) {
    const item = document.createElement("li");
    const name = part(item, "span", "name", file.name);
    name.append(" ", Object.assign(document.createElement("span"), { className: "muted", textContent: readable(file.size) }));
    const acts = part(item, "span", "acts", "");
    const bar = part(item, "progress", "", "");
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    bar.setAttribute("aria-label", `Progress of ${file.name}`);
    const said = part(item, "span", "said", "Waits for its turn");
    const one = { file, item, dropped: false, upload: null };
    const button = (label, deed) => {
      const made = part(acts, "button", "btn", label);
      made.type = "button";
      made.append(Object.assign(document.createElement("span"), { className: "sr", textContent: ` ${file.name}` }));
      made.addEventListener("click", deed);
      return made;
    };
    const retry = button("Try again", () => {
      retry.hidden = true;
      waiting.push(one);
      next();
    });
    retry.hidden = true;
    button("Take away", async () => {
      one.dropped = true;
      item.remove();
      if (one.upload) await call("POST", one.upload.drop_url).catch(() => {});
    });
    one.at = (bytes) => { bar.value = bytes; };
    one.say = (text, bad = false) => { said.textContent = text; said.classList.toggle("bad", bad); };
    one.failed = (text) => { if (!one.dropped) { one.say(text, true); retry.hidden = false; } };
    one.ended = () => { bar.hidden = true; retry.hidden = true; };
    list.append(item);
    return one;
  }

  async function send(one) {
    if (one.dropped) return;
    one.say("Begins");
    const fields = new URLSearchParams({ filename: one.file.name, size: one.file.size });
    one.upload = await call("POST", box.dataset.uploads, fields, { "Content-Type": "application/x-www-form-urlencoded" });
    const step = one.upload.part_bytes;
    for (let number = 1, from = 0; from < one.file.size; number += 1, from += step) {
      if (one.dropped) return;
      const bytes = await one.file.slice(from, from + step).arrayBuffer();
      const digest = hex(await crypto.subtle.digest("SHA-256", bytes));
      if (one.upload.parts[number] !== digest) {
        const url = one.upload.part_url.replace(/\/0\/$/, `/${number}/`);
        await call("PUT", url, bytes, { "Content-Type": "application/octet-stream", "X-Content-SHA256": digest }, one);
      }
      one.at(Math.min(from + step, one.file.size));
      one.say(`${Math.floor((100 * Math.min(from + step, one.file.size)) / one.file.size)} %`);
    }
    one.say("Is being looked into");
    told(one, await call("POST", one.upload.complete_url, null, {}, one));
  }

  function told(one, upload) {
    if (upload.state === "refused") {
      one.ended();
      one.say(upload.refusal, true);
    } else if (upload.state === "checking") {
      setTimeout(async () => told(one, await call("GET", one.upload.state_url)), 2000);
    } else {
      one.ended();
      one.say(upload.found.length ? `Here. ${upload.found.map((each) => each.said).join(" ")}` : "Here. Nothing found that an auditor would bounce.");
      go.hidden = false;
    }
  }

  // A broken connection and a busy server are tried again; a refusal is said.
  async function call(method, url, body = null, headers = {}, one = null) {
    for (let turn = 0; ; turn += 1) {
      let answer = null;
      try {
        answer = await fetch(url, { method, body, headers: { ...headers, "X-CSRFToken": token }, credentials: "same-origin" });
      } catch {
        answer = null;
      }
      if (answer?.ok) return answer.json();
      const again = !answer || answer.status >= 500 || answer.status === 409;
      if (!again || turn === PAUSES.length) {
        const said = await answer?.json?.().catch(() => null);
        throw new Error(said?.error ?? (answer ? `The server refused it (${answer.status}).` : "The connection is broken. What has arrived is kept."));
      }
      one?.say("The connection broke; goes on in a moment");
      await new Promise((resolve) => setTimeout(resolve, PAUSES[turn]));
    }
  }
}

// A pasted picture has no name of its own: the moment is one.
function named(file) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const stamp = new Date().toISOString().slice(0, 19).replace("T", " at ").replaceAll(":", ".");
  return new File([file], `Screenshot ${stamp}.${file.type.split("/")[1]}`, { type: file.type });
}

function part(parent, tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  parent.append(made);
  return made;
}

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function readable(bytes) {
  return bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
