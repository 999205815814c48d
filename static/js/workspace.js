// A table with a paper beside it: laying one down, or taking it away, leaves the rows and the keyboard where they were.
// A row that is edited takes the keyboard while it is open, gives it back when it is left, and Escape leaves it.
let kept = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const box = event.detail.target.querySelector(".scroll");
  if (event.detail.target.id !== "workspace" || !box) return;
  const from = document.activeElement.closest(".side") ? box.querySelector(".picked .ref") : document.activeElement;
  const row = from?.closest("tr");
  kept = {
    top: box.scrollTop,
    left: box.scrollLeft,
    ref: row?.dataset.ref ?? row?.querySelector(".ref")?.textContent,
    under: [...box.querySelectorAll(".edit-row")].map((each) => each.previousElementSibling)[0]?.rowIndex,
    edited: Boolean(row?.matches(".edit-row")),
    ticked: new Set([...box.querySelectorAll("[name=controls]:checked")].map((each) => each.value)),
  };
});

document.addEventListener("htmx:afterSwap", () => {
  const box = document.querySelector("#workspace .scroll");
  if (!kept || !box) return;
  box.scrollTo(kept.left, kept.top);
  for (const tick of box.querySelectorAll("[name=controls]")) tick.checked = kept.ticked.has(tick.value);
  (openField(box) ?? wayBack(box))?.focus({ preventScroll: !box.querySelector(".edit-row") });
  kept = null;
});

function openField(box) {
  const row = box.querySelector(".edit-row");
  return row?.querySelector("[aria-invalid=true], .bad .in") ?? row?.querySelector("select, input:not([type=hidden])");
}

function wayBack(box) {
  const links = [...box.querySelectorAll("a.ref")].filter((link) => link.textContent === kept.ref);
  const rows = links.map((each) => each.closest("tr"));
  const row = rows.find((each) => each.rowIndex === kept.under) ?? rows.find((each) => each.matches(".picked")) ?? rows[0];
  return kept.edited ? row?.querySelector("a.edits") : row?.querySelector("a.ref");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.activeElement.closest(".edit-row")?.querySelector("[data-leave]")?.click();
});

openField(document)?.focus();
