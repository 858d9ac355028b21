// Loads the scripts of a page when it has been painted, since it stands without them; or as soon as somebody
// turns to something on it. Their addresses in the site are in `data-then`.
"use strict";

(() => {
  const { src, dataset } = document.currentScript;
  const root = new URL("../", src);
  let hasBegun = false;

  function begin() {
    if (hasBegun) return;
    hasBegun = true;
    for (const path of dataset.then.split(" ")) {
      const script = document.createElement("script");
      script.src = new URL(path, root).href;
      script.async = false;
      document.head.append(script);
    }
  }

  addEventListener("focusin", begin, { once: true });
  if (PerformanceObserver.supportedEntryTypes?.includes("paint")) {
    new PerformanceObserver(() => setTimeout(begin)).observe({ type: "paint", buffered: true });
  } else {
    addEventListener("load", begin, { once: true });
  }
})();
