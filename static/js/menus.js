// Menus are <details>, dialogs are <dialog>: without this file they open and close all the same, only less readily.
const root = document.documentElement;
const openMenus = () => document.querySelectorAll("details.menu[open]");

function choose(name, value) {
  root.toggleAttribute(`data-${name}`, Boolean(value));
  if (value) root.setAttribute(`data-${name}`, value);
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${value ? 31536000 : 0}; samesite=lax${secure}`;
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-set]");
  if (choice) {
    choose(...choice.dataset.set.split("="));
    event.preventDefault();
  }
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    dialog.showModal();
    event.preventDefault();
  }
  const closer = event.target.closest("[data-close]");
  const closing = closer?.closest("dialog, .toast");
  if (closing) {
    closing.matches("dialog") ? closing.close() : closing.remove();
    event.preventDefault();
  }
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The page leaves a menu when the keyboard does.
document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
