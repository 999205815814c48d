// Keyboard: / goes to the search, j and k walk the rows of a register, Enter follows a row's own link by itself.
const typing = (target) => target.matches("input, textarea, select, [contenteditable]");

function walk(step) {
  const rows = [...document.querySelectorAll("[data-walk] tbody tr:not(.grp)")].filter((row) => row.querySelector("a"));
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === "j") walk(1);
  if (event.key === "k") walk(-1);
  if (event.key !== "/") return;
  const search = document.querySelector(".find input, .filters input[type=search]");
  if (search) {
    search.focus();
    event.preventDefault();
  }
});
