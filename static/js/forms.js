// Forms: filters apply as they are set, uploads name their files, a failed form shows its note, a button says it is busy.
document.addEventListener("change", (event) => {
  event.target.closest("form[data-auto]")?.requestSubmit();
  const box = event.target.closest(".upload");
  if (box && event.target.type === "file") sayFiles(box, event.target);
});

// An address without empty parameters can be read, and sent to somebody.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

function sayFiles(box, input) {
  const said = [...input.files].map((file) => `${file.name}, ${Math.ceil(file.size / 1024)} KB`).join("; ");
  const out = box.querySelector("output");
  if (out) out.textContent = said;
}

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const box = event.target.closest?.(".upload");
    const input = box?.querySelector("input[type=file]");
    if (!input) return;
    event.preventDefault();
    box.classList.toggle("over", kind === "dragover");
    if (kind !== "drop") return;
    input.files = event.dataTransfer.files;
    sayFiles(box, input);
  });
}

// A second press while the first is under way would send twice. A download leaves the page where it is, and the back
// button brings it back from a cache: either must find the button usable again.
const BUSY_FOR = 8000;
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.target.method === "get" || event.defaultPrevented) return;
  button.setAttribute("aria-busy", "true");
  const rest = () => button.removeAttribute("aria-busy");
  addEventListener("pageshow", rest, { once: true });
  setTimeout(rest, BUSY_FOR);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("button[aria-busy=true]")) event.preventDefault();
});

document.querySelector("[data-focus]")?.focus();

// Passkeys: what the authenticator or the browser refused is said on the page, not in the console.
document.addEventListener("allauth.error", (event) => {
  const note = document.querySelector("[data-key-error]");
  if (!note) return;
  note.hidden = false;
  note.focus();
  event.preventDefault();
});
