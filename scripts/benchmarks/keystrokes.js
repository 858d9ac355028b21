// Notes of each keystroke how many milliseconds pass until its results are painted; where the page has no
// search, until an empty handler's are: the floor.
"use strict";

(() => {
  const times = [];
  let pressed = 0;
  let told = () => {};

  function note() {
    requestAnimationFrame(() => setTimeout(() => {
      times.push(performance.now() - pressed);
      told();
    }));
  }

  /** Wait until so many keystrokes are painted; return how long the last of them took. */
  globalThis.painted = async (count) => {
    while (times.length < count) await new Promise((resolve) => { told = resolve; });
    return times.at(-1);
  };

  /** Wait until the table of the index is there, where there is one. */
  globalThis.ready = async () => {
    const isThere = () => performance.getEntriesByType("resource").some((one) => one.name.includes("/search/table"));
    while (globalThis.twintownsSearch && !isThere()) await new Promise((resolve) => { setTimeout(resolve, 10); });
  };

  document.addEventListener("input", (event) => {
    pressed = event.timeStamp;
    if (!globalThis.twintownsSearch) note();
  }, true);
  new MutationObserver(() => {
    if (!document.querySelector("[role=listbox][aria-busy]")) note();
  }).observe(document.body, { subtree: true, attributeFilter: ["aria-busy"] });
})();
