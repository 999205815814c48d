// A table with a paper beside it: laying one down, or taking it away, leaves the rows and the keyboard where they were.
let kept = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const box = event.detail.target.querySelector(".scroll");
  if (event.detail.target.id !== "workspace" || !box) return;
  const from = document.activeElement.closest(".side") ? box.querySelector(".picked .ref") : document.activeElement;
  kept = { top: box.scrollTop, left: box.scrollLeft, ref: from?.closest("tr")?.querySelector(".ref")?.textContent };
});

document.addEventListener("htmx:afterSwap", () => {
  const box = document.querySelector("#workspace .scroll");
  if (!kept || !box) return;
  box.scrollTo(kept.left, kept.top);
  const links = [...box.querySelectorAll("a.ref")].filter((link) => link.textContent === kept.ref);
  const link = links.find((each) => each.closest(".picked")) ?? links[0];
  link?.focus({ preventScroll: true });
  kept = null;
});
