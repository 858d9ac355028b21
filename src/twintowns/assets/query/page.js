/* The query page at work: examples, asking, stopping, errors, and the link that shares a query. */
"use strict";

(() => {
  const { element, made, part, told, word, editor, engine, results } = globalThis.queryPage;
  /** How many bytes of memory the engine takes for each of the dump, as measured with 350,000 triples. */
  const MEMORY = 6;
  const input = editor.mounted(() => ask());

  /** @param {string} text */
  const say = (text) => (part(".status").textContent = text);

  function begun() {
    part(".problem").replaceChildren();
    part(".offer").hidden = true;
    part(".stop").hidden = false;
    part(".run").disabled = true;
    input.mark(undefined);
    say(word("The query is being answered …"));
  }

  function ended() {
    part(".stop").hidden = true;
    part(".run").disabled = false;
    part(".loading").hidden = true;
  }

  /** @param {number} share how much of the dataset is there */
  function loading(share) {
    part(".loading").hidden = share >= 1;
    part(".loading").value = share;
    say(share < 1 ? word("The dataset is being loaded into your browser …") : word("The query is being answered …"));
  }

  /** Do some work that asks; one at a time. @param {(progress: (share: number) => void) => Promise<string>} work */
  async function run(work) {
    if (!part(".stop").hidden) return;
    begun();
    try {
      say(await work(loading));
    } catch (error) {
      tell(error);
    } finally {
      ended();
    }
  }

  /** Tell what is wrong, and where. */
  function tell(error) {
    const { place } = error;
    const text = place
      ? word("Line {line}, column {column}: {problem}", { ...strings(place), problem: error.message })
      : error.message;
    say("");
    part(".problem").replaceChildren(made("p", {}, text.charAt(0).toLocaleUpperCase(told.language) + text.slice(1)));
    if (error.words) {
      const own = made("code", { lang: "en" }, error.words);
      part(".problem").append(made("p", { class: "hint" }, word("In the engine’s own words:"), " ", own));
    }
    input.mark(place, error.message);
  }

  function strings({ line, column }) {
    return { line: String(line), column: String(column) };
  }

  /** Say how large the dataset is, and load it only if that is wanted. */
  function offer() {
    const memory = Math.round((MEMORY * told.bytes) / 1e8) * 100;
    part(".offer p").textContent = word(
      "Your browser has to load the dataset first: {size} MB to fetch, and some {memory} MB of this device’s memory while this page is open.",
      { size: size(), memory },
    );
    part(".offer").hidden = false;
    part(".offer button").onclick = () => {
      isAgreed = true;
      ask();
    };
    part(".offer button").focus();
  }
  let isAgreed = false;

  /** Ask what stands in the editor. */
  function ask() {
    const query = input.text;
    return run(async (progress) => {
      if ((await engine.who()) === "none") throw new engine.Refusal(none());
      if (!isAgreed && (await engine.isHeavy())) {
        offer();
        return "";
      }
      part(".answer").hidden = true;
      share(query);
      const answer = await engine.ask(query, results.ACCEPT, progress);
      const told = results.show(query, answer, run);
      reveal(part(".answer"));
      return told;
    });
  }

  /** Bring an answer into view, if it begins below what is seen. */
  function reveal(answer) {
    const { top } = answer.getBoundingClientRect();
    if (top < 0 || top > 0.75 * innerHeight) answer.scrollIntoView();
  }

  function none() {
    return word(
      "This page was opened from a folder, where browsers let no page compute or load data. Serve the folder, for example with “twintowns serve”, and open the page there.",
    );
  }

  /** Put the query into the address of the page, and into the link. */
  function share(query) {
    const hash = `#query=${encodeURIComponent(query)}`;
    history.replaceState(null, "", hash);
    part(".share a").href = hash;
    for (const link of document.querySelectorAll("header a[hreflang]")) link.hash = hash;
  }

  /** Read a query that was shared; it is not asked before somebody says so. */
  function shared() {
    const parts = [location.hash.slice(1), location.search.slice(1)].map((text) => new URLSearchParams(text));
    const query = parts.map((one) => one.get("query")).find(Boolean);
    if (query) input.text = query;
  }

  function whoAnswers(who) {
    const told = {
      service: word("The query service of this site answers."),
      browser: word("This site has no query service: your browser answers, and loads the dataset ({size} MB) and the engine (4 MB) with the first query."),
      none: none(),
    };
    return told[who];
  }

  /** Return how many millions of bytes are fetched. */
  function size() {
    return ((told.packed || told.bytes) / 1e6).toLocaleString(told.language, { maximumFractionDigits: 1 });
  }

  async function introduce() {
    try {
      say(whoAnswers(await engine.who()).replace("{size}", size()));
    } catch {
      say("");
    }
  }

  element.classList.add("scripted");
  part("form.ask").addEventListener("submit", (event) => (event.preventDefault(), ask()));
  for (const form of element.querySelectorAll(".examples form")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      input.text = form.elements.query.value;
      ask();
    });
  }
  part(".stop").addEventListener("click", () => engine.stop());
  part(".copy").hidden = !navigator.clipboard;
  part(".copy").addEventListener("click", () =>
    navigator.clipboard.writeText(location.href).then(
      () => say(word("The link is copied.")),
      () => say(word("The browser does not let the link be copied: copy it from the address bar.")),
    ),
  );
  addEventListener("hashchange", shared);
  shared();
  introduce();
})();
