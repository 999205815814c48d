// Tables and panels: columns shown at once, what is current in sight, waits that count down, answers that failed to come.
const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// The column chooser is a GET form; here it answers at once and keeps the address true.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-columns]");
  const table = form && document.querySelector(form.dataset.columns);
  if (!table) return;
  const shown = new Set(new FormData(form).getAll("cols"));
  for (const cell of all("[data-col]", table)) cell.hidden = !shown.has(cell.dataset.col);
  for (const head of all("tr.grp > th", table)) head.colSpan = shown.size + 1;
  const address = new URL(location);
  address.searchParams.delete("cols");
  for (const name of shown) address.searchParams.append("cols", name);
  history.replaceState(null, "", address);
});

function bringIntoSight() {
  document.querySelector(".nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  const picked = document.querySelector(".scroll tr.picked");
  const box = picked?.closest(".scroll");
  if (!box || box.scrollHeight <= box.clientHeight) return;
  let top = picked;
  while (top.previousElementSibling && !top.matches(".grp") && picked.offsetTop - top.offsetTop < box.clientHeight / 2) {
    top = top.previousElementSibling;
  }
  box.scrollTop = top.offsetTop - (box.querySelector("thead")?.offsetHeight ?? 0);
}
document.fonts.ready.then(bringIntoSight);

// A wait that counts down; the server's refresh has the last word.
setInterval(() => {
  for (const wait of all("[data-seconds]")) {
    const left = Math.max(0, Number(wait.dataset.seconds) - 1);
    wait.dataset.seconds = left;
    wait.textContent = `${Math.floor(left / 60)} min ${String(left % 60).padStart(2, "0")} s`;
  }
}, 1000);

function toast(words) {
  const box = document.createElement("div");
  const text = document.createElement("span");
  const button = document.createElement("button");
  box.className = "toast";
  text.textContent = words;
  button.type = "button";
  button.textContent = "Dismiss";
  button.dataset.close = "";
  box.append(text, button);
  document.getElementById("toasts")?.replaceChildren(box);
}

document.addEventListener("htmx:sendError", () => toast("Not sent: the server cannot be reached. What you wrote is kept."));
document.addEventListener("htmx:timeout", () => toast("The server did not answer in time. What you wrote is kept."));
document.addEventListener("htmx:responseError", (event) => {
  const { status, getResponseHeader } = event.detail.xhr;
  const request = getResponseHeader.call(event.detail.xhr, "X-Request-Id");
  const why = { 403: "Your role does not allow this.", 404: "It is no longer there.", 429: "Too many requests; wait a minute." };
  toast(`${why[status] ?? `The server answered ${status}. What you wrote is kept.`}${request ? ` Request ${request}.` : ""}`);
});
// The server may say in words what an action did: HX-Trigger: {"say": "GAP-019 closed on re-test."}
document.addEventListener("say", (event) => toast(event.detail.value ?? String(event.detail)));
