// Deciding row by row: 1, 2 and 3 choose in the row that has the keyboard, and what is chosen and not sent is not left unasked.
const verdicts = { 1: "keep", 2: "change", 3: "remove" };
const writes = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || writes(event.target)) return;
  const row = event.target.closest("tr, form");
  const choice = verdicts[event.key] && row?.querySelector(`[data-choose] input[value=${verdicts[event.key]}]`);
  if (!choice) return;
  choice.closest("details:not([open])")?.setAttribute("open", "");
  choice.checked = true;
  choice.focus();
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  event.preventDefault();
});

// A change says at once what it may take away.
document.addEventListener("change", (event) => {
  if (event.target.value !== "change") return;
  event.target.closest("[data-choose]")?.querySelector("details")?.setAttribute("open", "");
});

const form = document.querySelector("form[data-unsent]");
let unsent = false;
form?.addEventListener("input", () => (unsent = true));
form?.addEventListener("submit", () => (unsent = false));
addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});
