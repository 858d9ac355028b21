// Search as you type over the names of this publication.
//
// The index is made by the build (`searchindex`) and cut into small files. None is loaded before somebody turns
// to the box, and then the table that names the others; these are loaded as they are needed. They are scripts that call `twintownsSearch`, because from a folder on disk a browser loads nothing else.
// The form is a combobox with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
"use strict";

(() => {
  const MOST_OFFERED = 10;
  const MOST_LISTED = 200;
  const MOST_PARTS = 8;
  const MOST_WORDS = 12;
  const LONGEST_WORD = 24;
  const NAMES_FROM = 4;
  const TURN_MS = 10;
  const TURN_COUNT = 64;
  const ROOT = new URL("../", document.currentScript.src);

  /** @typedef {{text: string, languages: string[], forms: Form[]}} Name */
  /** @typedef {{path: string, kind: number, weight: number, country: number, names: Name[], own: Name}} Entry */
  /** @typedef {{entry: Entry, name: Name, order: number}} Hit */

  // ---- The files of the index -------------------------------------------------------------------------

  const loading = new Map();
  const arrived = new Map();

  globalThis.twintownsSearch = (name, held) => arrived.set(name, held);
  globalThis.twintownsSearch.folding = folding;

  /** Load a file of the index; one that cannot be had holds nothing, and is asked for again. */
  function load(name) {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = new URL(`search/${name}.js`, ROOT);
        script.fetchPriority = "high";
        script.addEventListener("load", () => { script.remove(); resolve(arrived.get(name)); });
        script.addEventListener("error", () => { script.remove(); loading.delete(name); resolve(undefined); });
        document.head.append(script);
      }));
    }
    return loading.get(name);
  }

  function fileName(prefix) {
    const letters = Array.from(prefix, (c) => (/[a-z]/.test(c) ? c : `~${c.codePointAt(0).toString(16)}~`));
    return letters.join("") || "~";
  }

  // ---- Folding, as `folding.py` does it -----------------------------------------------------------------

  const NOT_ASCII = /[^\0-\x7f]/;
  const SINGLY = /^[a-z]+(?: [a-z]+)*$/;

  /** Return so many characters of a text. */
  function begun(text, most) {
    return text.length <= most ? text : Array.from(text.slice(0, 2 * most)).slice(0, most).join("");
  }

  /** Return the functions that fold names, by the tables that the build printed. */
  function folding(tables) {
    const marks = new RegExp(tables.marks, "gu");
    const letters = new RegExp(`[${Object.keys(tables.letters).join("")}]`, "gu");
    const pairs = new RegExp(tables.pairs, "gu");
    const apart = new RegExp(tables.apart, "u");
    const apostrophes = new RegExp(tables.apostrophes, "gu");
    const plain = (text) => text.normalize("NFKD").toLowerCase().normalize("NFKD")
      .replace(marks, "").replace(letters, (letter) => tables.letters[letter]);
    const whole = (text) => {
      const lower = text.toLowerCase();
      return (NOT_ASCII.test(lower) ? plain(lower) : lower).replace(pairs, (pair) => pair[0]);
    };
    const folded = (text) => whole(begun(text, tables.most));
    const apartOf = (text) => text.split(apart).filter(Boolean);
    const words = (text) => apartOf(folded(text));
    /** Return each text as it is compared; many are folded at one go, which is several times faster. */
    const formOfEach = (texts) => {
      const lines = whole(texts.map((text) => begun(text, tables.most)).join("\n")).split("\n");
      const found = lines.length === texts.length ? lines : texts.map(folded);
      return found.map((line) => new Form(SINGLY.test(line) ? line : apartOf(line).join(" ")));
    };
    const joinedWords = (text) => {
      const without = text.replace(apostrophes, "");
      return without === text ? [] : words(without);
    };
    return { folded, words, formOfEach, joinedWords };
  }

  // ---- What a part holds --------------------------------------------------------------------------------

  /** A name as it is compared: its words, folded. They are told apart when they are asked for: few ever are. */
  class Form {
    #words;
    constructor(whole) { this.whole = whole; }
    get words() { return (this.#words ??= this.whole.split(" ")); }
    /** Tell whether a word begins so. */
    begins(typed) { return this.whole.startsWith(typed) || this.whole.includes(` ${typed}`); }
  }

  /** Return the forms of a name: with its apostrophes between words, and without them. */
  function formsOf(text, form, fold) {
    const joined = fold.joinedWords(text);
    return [form, joined.length ? new Form(joined.join(" ")) : undefined].filter((one) => one?.whole);
  }

  /** Read entries of a part: each path, kind, weight, country, then names with their languages. @returns {Entry[]} */
  function readEntries(held, table) {
    const texts = [];
    for (const entry of held) for (let at = NAMES_FROM; at < entry.length; at += 2) texts.push(entry[at]);
    const forms = table.fold.formOfEach(texts);
    let next = 0;
    return held.map((entry) => {
      const [path, kind, weight, country] = entry;
      const names = [];
      for (let at = NAMES_FROM; at < entry.length; at += 2, next += 1) {
        const text = entry[at];
        names.push({ text, languages: table.spoken[entry[at + 1]], forms: formsOf(text, forms[next], table.fold) });
      }
      return { path, kind, weight, country, names, own: ownName(names, table) };
    });
  }

  /** Return the name by which a thing goes in the language of the page. */
  function ownName(names, table) {
    for (const language of table.order) {
      const name = names.find((one) => one.languages.includes(language));
      if (name) return name;
    }
    return names[0];
  }

  /** Somebody who waits no longer: another search has begun. */
  class Outdated extends Error {}

  /** Return what gives way to keys and painting after every few milliseconds of work, or ends outdated work. */
  function turns(isWanted) {
    let until = performance.now() + TURN_MS;
    return async () => {
      if (performance.now() < until) return;
      await (globalThis.scheduler?.yield?.() ?? new Promise((resolve) => { setTimeout(resolve); }));
      if (!isWanted()) throw new Outdated();
      until = performance.now() + TURN_MS;
    };
  }

  const read = new Map();

  /** Load files of the index, and return their entries, each once. */
  async function entriesOf(files, table, turn) {
    const held = await Promise.all(files.map(load));
    const entries = new Map();
    for (const [place, file] of files.entries()) {
      if (held[place] && !read.has(file)) {
        const made = [];
        for (let from = 0; from < held[place].length; from += TURN_COUNT) {
          await turn();
          made.push(...readEntries(held[place].slice(from, from + TURN_COUNT), table));
        }
        read.set(file, made);
      }
      for (const entry of read.get(file) ?? []) entries.set(entry.path, entry);
    }
    return [...entries.values()];
  }

  /** Return the files that hold every thing with a word that begins so; or undefined where they are many. */
  function partsOf(word, table) {
    if (table.topped.has(word)) {
      const parts = table.parts.filter((begun) => begun.startsWith(word));
      return parts.length <= MOST_PARTS ? parts : undefined;
    }
    let low = 0;
    let high = table.parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (table.parts[middle] <= word) low = middle + 1;
      else high = middle;
    }
    return table.parts.slice(Math.max(low - 1, 0), low);
  }

  const asFiles = (parts) => [...new Set(parts)].map((part) => `part-${fileName(part)}`);

  /** Return the files that a search needs, the fewest that will do, and whether they hold all that is found. */
  function plan(words, table) {
    const cut = words.map((word) => Array.from(word).slice(0, LONGEST_WORD).join(""));
    if (cut.length === 1 && table.topped.has(cut[0])) return { files: [`top-${fileName(cut[0])}`], whole: false };
    const narrow = cut.filter((word) => !table.topped.has(word));
    if (narrow.length) return { files: asFiles(narrow.flatMap((word) => partsOf(word, table))), whole: true };
    const wide = cut.map((word) => partsOf(word, table)).filter(Boolean).sort((a, b) => a.length - b.length);
    if (wide.length) return { files: asFiles(wide[0]), whole: true };
    return { files: cut.map((word) => `top-${fileName(word)}`), whole: false };
  }

  // ---- Matching and ranking -----------------------------------------------------------------------------

  const EXACT = 0, BEGINS = 1, WITHIN = 2, SIMILAR = 3;

  /** Tell whether each typed word, the longest of them first, begins another one of the words. */
  function allBegin(typed, words) {
    const taken = new Set();
    return typed.every((word) => {
      const place = words.findIndex((one, at) => one.startsWith(word) && !taken.has(at));
      return place >= 0 && taken.add(place);
    });
  }

  /** Return how well typed words fit a name, with the words of the country to help; undefined if not. */
  function fit({ whole, longest }, form, country) {
    if (form.whole === whole) return EXACT;
    if (form.whole.startsWith(whole)) return BEGINS;
    if (!longest.some((word) => form.begins(word))) return undefined;
    if (allBegin(longest, form.words)) return WITHIN;
    if (longest.length < 2 || !country.length) return undefined;
    return allBegin(longest, [...form.words, ...country]) ? WITHIN : undefined;
  }

  /** Return how many letters differ between a typed word and the nearest beginning of another one, if few do. */
  function distance(typed, word, most) {
    let before, last, row = Array.from({ length: word.length + 1 }, (_, place) => place);
    let leastBefore = 0, least = 0;
    for (let i = 1; i <= typed.length; i += 1) {
      [before, last, row, leastBefore, least] = [last, row, [i], least, i];
      for (let j = 1; j <= word.length; j += 1) {
        const cost = typed[i - 1] === word[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
        const swapped = i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
        if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
        least = Math.min(least, row[j]);
      }
      if (least > most && leastBefore >= most) return Infinity;
    }
    return least;
  }

  /** Return what tells whether a word is like a typed one, and remembers it: words come again and again. */
  function likeness(typed) {
    const allowed = typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
    const known = new Map();
    const isLike = (word) => word.length >= typed.length - allowed && distance(typed, word, allowed) <= allowed;
    return (word) => {
      if (!known.has(word)) known.set(word, word.startsWith(typed) || (allowed > 0 && isLike(word)));
      return known.get(word);
    };
  }

  /** Return what finds how well a name fits: as it is typed, or only nearly so. */
  function fitting(words, isLoose) {
    if (isLoose) {
      const tests = words.map(likeness);
      return (form) => (tests.every((isLike) => form.words.some(isLike)) ? SIMILAR : undefined);
    }
    const typed = { whole: words.join(" "), longest: [...words].sort((a, b) => b.length - a.length) };
    return (form, country) => fit(typed, form, country);
  }

  /** Return the name of an entry that fits, its own rather than a better one, and how well the best of them does. */
  function fittingName(entry, fits, country) {
    let best, shown;
    for (const name of [entry.own, ...entry.names]) {
      for (const form of name.forms) {
        const rank = fits(form, country);
        if (rank === undefined) continue;
        if (!shown || (rank < best && shown !== entry.own)) shown = name;
        best = Math.min(best ?? rank, rank);
      }
    }
    return shown && { name: shown, rank: best };
  }

  /** Return the entries that fit, best first: no twinnings, as typed, the better known. @returns {Promise<Hit[]>} */
  async function matching(entries, words, asTyped, isLoose, table, turn) {
    const fits = fitting(words, isLoose);
    const hits = [];
    for (const [count, entry] of entries.entries()) {
      if (count % TURN_COUNT === 0) await turn();
      const best = fittingName(entry, fits, table.countryWords[entry.country] ?? []);
      if (!best) continue;
      const isAsTyped = entry.names.some((one) => one.text.toLowerCase().includes(asTyped));
      const order = Number(entry.kind === table.last) * 8 + best.rank * 2 + Number(!isAsTyped);
      hits.push({ entry, name: best.name, order });
    }
    return hits.sort(inOrder);
  }

  /** Compare hits; by code units at the end, since to load the rules of a language takes longer than to search. */
  function inOrder(one, other) {
    const first = one.entry, second = other.entry;
    return one.order - other.order || second.weight - first.weight
      || compared(first.own.forms[0]?.whole ?? "", second.own.forms[0]?.whole ?? "")
      || compared(first.path, second.path);
  }

  const compared = (one, other) => (one < other ? -1 : Number(one > other));

  let tableOf;

  /** Load the table of the index in the language of the page. */
  function loadTable() {
    tableOf ??= load(`table-${document.documentElement.lang}`).then((table) => {
      if (!table) { tableOf = undefined; return undefined; }
      const fold = folding(table.folding);
      const countryWords = table.countries.map((name) => fold.words(name));
      const ready = { ...table, fold, countryWords, topped: new Set(table.tops) };
      rehearse(ready);
      return ready;
    });
    return tableOf;
  }

  /** Search through something made up: what has run twice is compiled when somebody types. */
  async function rehearse(table) {
    if (!table.spoken.length) return;
    const held = [["", 0, 0, -1, "\u00c5 b", 0], ["", 0, 0, -1, "a", 0]];
    for (const typed of ["a", "b", "a c"]) {
      const hits = await matching(readEntries(held, table), table.fold.words(typed), typed, false, table, turns(() => true));
      for (const hit of hits) optionOf(hit, table, "", ROOT);
    }
  }

  /** Find what was typed; undefined where the index cannot be had. */
  async function find(typed, isWanted = () => true) {
    const table = await loadTable();
    if (!table) return undefined;
    const words = table.fold.words(typed).slice(0, MOST_WORDS);
    if (!words.length) return { hits: [], isWhole: true, isLoose: false, table };
    const asTyped = begun(typed.trim(), table.folding.most).toLowerCase();
    const { files, whole } = plan(words, table);
    const turn = turns(isWanted);
    const matched = (entries, isLoose) => matching(entries, words, asTyped, isLoose, table, turn);
    const hits = await matched(await entriesOf(files, table, turn), false);
    if (hits.length) return { hits, isWhole: whole, isLoose: false, table };
    const near = words.flatMap((word) => partsOf(word.slice(0, 2), table) ?? partsOf(word, table) ?? []);
    const nearby = asFiles(near).slice(0, MOST_PARTS);
    const entries = await entriesOf([...new Set([...files, ...nearby])], table, turn);
    const others = await matched(entries, false);
    if (others.length) return { hits: others, isWhole: true, isLoose: false, table };
    return { hits: await matched(entries, true), isWhole: true, isLoose: true, table };
  }

  // ---- What is shown ------------------------------------------------------------------------------------

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const marked = (language) => (language && language !== document.documentElement.lang ? language : "");

  const languageOf = (name, table) => table.order.find((tag) => name.languages.includes(tag)) ?? name.languages[0] ?? "";

  /** Return where the page of an entry lies in the folder of the language. */
  function hrefOf({ path }) {
    const [page, anchor] = path.split("#");
    const address = page.split("/").map(encodeURIComponent).join("/");
    return `${address}.html${anchor ? `#${encodeURIComponent(anchor)}` : ""}`;
  }

  /** Return the words of a hit: its name, by what other name it was found, what it is and where. */
  function wordsOf({ entry, name: matched }, table) {
    const { own } = entry;
    const name = element("span", { class: "found-name", lang: marked(languageOf(own, table)) }, own.text);
    const parts = [name];
    if (matched.forms[0]?.whole !== own.forms[0]?.whole) {
      const tag = languageOf(matched, table);
      const language = tag ? table.languages[tag] ?? "" : "";
      const other = element("span", { lang: marked(tag) }, matched.text);
      parts.push(" ", element("span", { class: "found-as" }, other, language ? ` (${language})` : ""));
    }
    const about = [table.kinds[entry.kind], table.countries[entry.country]].filter(Boolean).join(", ");
    parts.push(" ", element("span", { class: "found-kind" }, about));
    return parts;
  }

  /** Return a hit as an option of a list. */
  function optionOf(hit, table, id, home) {
    const option = element("li", { role: "option", id, "aria-selected": "false" });
    option.dataset.href = new URL(hrefOf(hit.entry), home).href;
    option.append(...wordsOf(hit, table));
    return option;
  }

  function told(result) {
    const { hits, isLoose, isWhole, table } = result;
    if (!hits.length) return table.texts.nothing;
    const count = String(Math.min(hits.length, MOST_LISTED));
    const sentence = (isLoose ? table.texts.similar : table.texts.found).replace("{count}", count);
    return isWhole && hits.length <= MOST_LISTED ? sentence : `${sentence}. ${table.texts.more}`;
  }

  class Combobox {
    /** @param {HTMLFormElement} form */
    constructor(form) {
      this.form = form;
      this.input = form.elements.q;
      this.home = new URL(".", form.action);
      this.active = -1;
      this.asked = 0;
      this.list = element("ul", { role: "listbox", id: `${this.input.id}-found`, class: "found", hidden: "hidden" });
      this.status = element("p", { role: "status", class: "unseen" });
      this.list.setAttribute("aria-label", this.input.labels[0]?.textContent ?? "");
      form.append(this.list, this.status);
      for (const [name, value] of Object.entries({
        role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
      })) this.input.setAttribute(name, value);
      this.input.addEventListener("focus", () => loadTable());
      this.input.addEventListener("input", () => this.search());
      this.input.addEventListener("keydown", (event) => this.pressed(event));
      this.input.addEventListener("blur", () => this.close());
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => this.chosen(event));
      if (document.activeElement === this.input) {
        loadTable();
        if (this.input.value) this.search();
      }
    }

    get options() { return this.list.children; }

    async search() {
      this.asked += 1;
      const asked = this.asked;
      this.list.setAttribute("aria-busy", "true");
      const isWanted = () => asked === this.asked;
      try {
        const result = this.input.value.trim() ? await find(this.input.value, isWanted) : { hits: [] };
        if (!isWanted()) return;
        this.show(result);
        this.list.removeAttribute("aria-busy");
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
      }
    }

    show(result) {
      this.close();
      if (!result?.table) { this.status.textContent = ""; return; }
      const offered = result.hits.slice(0, MOST_OFFERED);
      const options = offered.map((hit, place) => optionOf(hit, result.table, `${this.list.id}-${place}`, this.home));
      this.list.replaceChildren(...options);
      this.status.textContent = told(result);
      if (!result.hits.length) return;
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.activate(-1);
    }

    activate(place) {
      this.options[this.active]?.setAttribute("aria-selected", "false");
      this.active = place;
      const option = this.options[place];
      if (!option) { this.input.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    }

    /** Act on a key: arrows move in the list, Enter goes there, Escape closes the list and then clears. */
    pressed(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const isOpen = !this.list.hidden;
      const count = this.options.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) { this.search(); return; }
        if (event.altKey) { if (event.key === "ArrowUp") this.close(); return; }
        const step = event.key === "ArrowDown" ? 1 : -1;
        const from = this.active < 0 && step < 0 ? 0 : this.active;
        this.activate((from + step + count) % count);
      } else if (event.key === "Enter" && isOpen && this.active >= 0) {
        event.preventDefault();
        location.assign(this.options[this.active].dataset.href);
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (isOpen) this.close();
        else { this.input.value = ""; this.search(); }
      } else if (isOpen && this.active >= 0) {
        this.activate(-1);
      }
    }

    chosen(event) {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      if (event.ctrlKey || event.metaKey) globalThis.open(option.dataset.href, "_blank", "noopener");
      else location.assign(option.dataset.href);
    }
  }

  // ---- The page of results ------------------------------------------------------------------------------

  /** Show on the search page all that was found of what its address asks for. */
  async function showAll(section, form) {
    const typed = new URL(location.href).searchParams.get("q") ?? "";
    if (!typed.trim()) return;
    form.elements.q.value = typed;
    const result = await find(typed);
    if (!result) return;
    const items = result.hits.slice(0, MOST_LISTED).map((found) => {
      const [name, ...rest] = wordsOf(found, result.table);
      const link = element("a", { href: new URL(hrefOf(found.entry), new URL(".", form.action)).href }, name);
      return element("li", {}, link, ...rest);
    });
    const heading = element("h2", {}, `${result.table.texts.results}: `, element("q", {}, typed));
    section.replaceChildren(heading, element("p", { role: "status" }, told(result)), element("ul", { class: "results" }, ...items));
    section.hidden = false;
  }

  for (const form of document.querySelectorAll("form.search")) {
    new Combobox(form);
    const section = document.getElementById("search-results");
    if (section) showAll(section, form);
  }
})();
