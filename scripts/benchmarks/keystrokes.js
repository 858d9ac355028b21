// Notes of each keystroke how many milliseconds pass until its results are painted.
"use strict";

globalThis.times = [];
let pressed = 0;
document.addEventListener("input", (event) => { pressed = event.timeStamp; }, true);
new MutationObserver(() => {
  if (document.querySelector("[role=listbox][aria-busy]")) return;
  requestAnimationFrame(() => setTimeout(() => globalThis.times.push(performance.now() - pressed)));
}).observe(document.body, { subtree: true, attributeFilter: ["aria-busy"] });
