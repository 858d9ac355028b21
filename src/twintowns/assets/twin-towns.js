// <twin-towns>: the partners of a place, on any site.
//
//   <script src="https://data.example.org/assets/twin-towns.js" defer></script>
//   <twin-towns><a href="https://data.example.org/">Our twin towns</a></twin-towns>
//
// What stands within the element is shown until the data is there, and where it cannot be had.
// Attributes: lang, place (a Wikidata item id), heading, heading-level, publication. See docs/embed.md.
"use strict";

(() => {
  const OWN_ADDRESS = document.currentScript ? new URL("../", document.currentScript.src).href : "";
  const STYLE = `
    :host { display: block; }
    :host([hidden]) { display: none; }
    [part="list"] { margin: 0; padding-inline-start: var(--twin-towns-indent, 1.2em); }
    [part="item"] { margin-block: var(--twin-towns-gap, .3em); }
    [part~="link"] { color: var(--twin-towns-link-color, inherit); }
    [part~="link"]:focus-visible { outline: 2px solid; outline-offset: 2px; }
  `;
  const read = new Map();

  /** Read a JSON file, once for all elements of the page. */
  function json(address) {
    if (!read.has(address)) {
      const reading = fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" }).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${address}`);
        return answer.json();
      });
      reading.catch(() => read.delete(address));
      read.set(address, reading);
    }
    return read.get(address);
  }

  /** Return a web address, or undefined for anything else, such as javascript: */
  function webAddress(text, base) {
    const address = URL.canParse(text, base) ? new URL(text, base) : undefined;
    return address && /^https?:$/.test(address.protocol) ? address : undefined;
  }

  /** Return in which file a place stands, as `embedding.py` puts it there. */
  function fileOf(place, digits) {
    if (!digits) return "places.json";
    const number = /^Q(\d+)$/.exec(place)?.[1];
    return number ? `places-${number.slice(-digits).padStart(digits, "0")}.json` : "places-other.json";
  }

  /** Return the language that is spoken around an element, in which the publication speaks too. */
  function languageFor(element, languages) {
    let around = element.closest("[lang]");
    for (let host = element.getRootNode().host; !around && host; host = host.getRootNode().host) {
      around = host.closest("[lang]");
    }
    const wanted = (around?.lang || document.documentElement.lang).toLowerCase();
    const exact = languages.find((tag) => tag.toLowerCase() === wanted);
    return exact ?? languages.find((tag) => tag.toLowerCase() === wanted.split("-")[0]) ?? languages[0];
  }

  /** Return an element with a text in the best language there is, marked where it is not the one asked for. */
  function textElement(name, part, texts, languages) {
    const element = document.createElement(name);
    element.setAttribute("part", part);
    if (typeof texts === "string") {
      element.textContent = texts;
      return element;
    }
    const tag = [...languages, ...Object.keys(texts)].find((one) => typeof texts[one] === "string");
    element.textContent = tag === undefined ? "" : texts[tag];
    if (tag && tag !== languages[0]) element.lang = tag;
    return element;
  }

  class TwinTowns extends HTMLElement {
    static observedAttributes = ["lang", "place", "heading", "heading-level", "publication"];

    #asked = 0;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      const style = new CSSStyleSheet();
      style.replaceSync(STYLE);
      root.adoptedStyleSheets = [style];
      root.append(document.createElement("slot"));
    }

    connectedCallback() { this.#show(); }

    attributeChangedCallback() { if (this.isConnected) this.#show(); }

    /** Show the partners, or leave what stands within the element. */
    async #show() {
      this.#asked += 1;
      const asked = this.#asked;
      let shown;
      try {
        shown = await this.#section();
      } catch (error) {
        console.warn("<twin-towns>", error);
      }
      if (asked === this.#asked) this.shadowRoot.replaceChildren(shown ?? document.createElement("slot"));
    }

    async #section() {
      const base = webAddress(this.getAttribute("publication") ?? OWN_ADDRESS);
      if (!base) throw new Error("the address of the publication is not known; state it as publication=…");
      const index = await json(new URL("embed/index.json", base).href);
      const place = this.getAttribute("place");
      const wanted = place ? [place] : index.own;
      const held = place && !Object.hasOwn(index.places, place)
        ? await json(new URL(`embed/${fileOf(place, index.digits)}`, base).href) : index.places;
      const found = wanted.filter((name) => Object.hasOwn(held, name)).map((name) => held[name]);
      if (!found.length) throw new Error(`no twin towns of ${place ?? "the publisher"} are known there`);
      const language = languageFor(this, index.languages);
      const view = { base, index, languages: [language, ...index.languages], isOne: Boolean(place) };
      return this.#filled(view, found);
    }

    #filled(view, found) {
      const section = document.createElement("section");
      section.setAttribute("part", "section");
      section.lang = view.languages[0];
      const heading = this.#heading(view, found[0]);
      if (heading.textContent) section.append(heading);
      section.setAttribute("aria-labelledby", "heading");
      const list = document.createElement("ul");
      list.setAttribute("part", "list");
      const items = found.flatMap((place) => place.partners).map((partner) => item(partner, view));
      const byName = new Intl.Collator(view.languages[0]);
      list.append(...items.sort((one, other) => byName.compare(one.textContent, other.textContent)));
      const source = document.createElement("p");
      source.setAttribute("part", "source");
      const folder = folderOf(view);
      source.append(link(textElement("a", "source-link link", view.index.title, view.languages), folder || ".", view));
      section.append(list, source);
      return section;
    }

    #heading(view, place) {
      const level = /^[1-6]$/.test(this.getAttribute("heading-level")) ? this.getAttribute("heading-level") : "2";
      const own = this.getAttribute("heading");
      const heading = textElement(`h${level}`, "heading", own ?? view.index.heading, view.languages);
      if (view.isOne && own === null) heading.append(": ", textElement("span", "place", place.name, view.languages));
      heading.id = "heading";
      return heading;
    }
  }

  const folderOf = ({ index, languages }) => (languages[0] === index.languages[0] ? "" : `${languages[0]}/`);

  /** Let a link lead to a page of the publication, and nowhere else. */
  function link(anchor, path, { base }) {
    const address = webAddress(path, base);
    if (address?.href.startsWith(base.href)) anchor.href = address.href;
    return anchor;
  }

  /** Return a partner as an item of the list: name, country, kind, since when. */
  function item(partner, view) {
    const made = document.createElement("li");
    made.setAttribute("part", "item");
    const name = textElement("a", "link", partner.name, view.languages);
    made.append(link(name, `${folderOf(view)}${partner.page}.html`, view));
    for (const part of ["country", "kind", "since"]) {
      if (partner[part]) made.append(", ", textElement("span", part, partner[part], view.languages));
      if (part === "kind" && partner.through) {
        made.append(" (", textElement("span", "through", partner.through, view.languages), ")");
      }
    }
    return made;
  }

  if (!customElements.get("twin-towns")) customElements.define("twin-towns", TwinTowns);
})();
