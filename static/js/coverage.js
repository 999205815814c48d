// Coverage: each strip becomes a slider over its intervals, read out on the reading line at the foot.
const line = document.querySelector(".reading");
const strips = [...document.querySelectorAll("svg[data-strip]")];
const boxes = (strip) => [...strip.querySelectorAll(".iv")];

function read(strip, wanted) {
  const intervals = boxes(strip);
  if (!intervals.length) return;
  const at = Math.max(0, Math.min(intervals.length - 1, wanted));
  for (const lit of document.querySelectorAll(".iv.on")) lit.classList.remove("on");
  intervals[at].classList.add("on");
  const words = intervals[at].querySelector("title").textContent;
  strip.dataset.at = at;
  strip.setAttribute("aria-valuenow", at + 1);
  strip.setAttribute("aria-valuetext", words);
  const name = document.createElement("b");
  const text = document.createElement("span");
  name.textContent = strip.dataset.strip;
  text.textContent = words;
  line.replaceChildren(name, text);
}

function move(strip, key) {
  const at = Number(strip.dataset.at);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: Infinity }[key];
  if (to !== undefined) return read(strip, to), true;
  const next = strips[strips.indexOf(strip) + ({ ArrowDown: 1, ArrowUp: -1 }[key] ?? NaN)];
  if (!next) return false;
  strip.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  return true;
}

function enhance(strip, index) {
  const count = boxes(strip).length;
  strip.setAttribute("role", "slider");
  strip.tabIndex = index ? -1 : 0;
  strip.dataset.at = count - 1;
  strip.setAttribute("aria-valuemin", 1);
  strip.setAttribute("aria-valuemax", count);
  strip.setAttribute("aria-valuenow", count);
  strip.addEventListener("focus", () => read(strip, Number(strip.dataset.at)));
  strip.addEventListener("pointerover", (event) => {
    const interval = event.target.closest(".iv");
    if (interval) read(strip, boxes(strip).indexOf(interval));
  });
  strip.addEventListener("keydown", (event) => {
    if (move(strip, event.key)) event.preventDefault();
  });
}

if (line) strips.filter((strip) => boxes(strip).length).forEach(enhance);
