/* RDF terms as an answer has them: read from N-Triples, and made into links. */
"use strict";

(() => {
  const { told, root, made } = globalThis.queryPage;
  const TERM = /<([^>]*)>|(_:[^\s.]+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?/gu;
  const MOST_TRIPLES = 5000;
  const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

  const prefixes = [...document.querySelectorAll("#query-prefixes option")].map((one) => [one.value, one.textContent]);

  /** @param {string} text */
  function unescaped(text) {
    return text.replace(/\\(?:u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|(.))/gsu, (_, short, long, one) =>
      one ? (ESCAPES[one] ?? one) : String.fromCodePoint(parseInt(short ?? long, 16)),
    );
  }

  /**
   * Read N-Triples into the form that solutions have (https://www.w3.org/TR/sparql11-results-json/): the first
   * of them, more than are shown, and how many there are.
   * @param {string} text
   */
  function triples(text) {
    const vars = ["subject", "predicate", "object"];
    const bindings = [];
    const lines = text.split("\n").filter(Boolean);
    for (const line of lines.slice(0, MOST_TRIPLES)) {
      const terms = [...line.matchAll(TERM)].slice(0, 3).map(term);
      if (terms.length === 3) bindings.push(Object.fromEntries(terms.map((one, n) => [vars[n], one])));
    }
    return { head: { vars }, results: { bindings, total: lines.length } };
  }

  /** @param {RegExpMatchArray} found */
  function term([, iri, blank, text, language, datatype]) {
    if (iri !== undefined) return { type: "uri", value: unescaped(iri) };
    if (blank !== undefined) return { type: "bnode", value: blank.slice(2) };
    const value = { type: "literal", value: unescaped(text) };
    if (language) value["xml:lang"] = language;
    if (datatype) value.datatype = datatype;
    return value;
  }

  /**
   * Return where an IRI leads: to its page in this site, to its own address, or nowhere.
   * @param {string} iri
   */
  function href(iri) {
    if (!/^https?:\/\//i.test(iri)) return "";
    const [document, fragment] = iri.split("#");
    const folder = document.slice(0, document.lastIndexOf("/") + 1);
    const isOurs = told.folders.includes(folder) || told.folders.includes(document);
    if (!isOurs) return iri.startsWith(told.space) ? "" : iri;
    const path = document.startsWith(told.space)
      ? document.slice(told.space.length)
      : told.vocabulary + document.slice("https://w3id.org/twintowns/".length);
    if (!/^[\w~/-][\w.~/-]*$/u.test(path) || path.includes("//") || path.includes("/.")) return iri;
    const [page, ...shape] = path.startsWith(`${told.vocabulary}shape/`) ? path.split("-") : [path];
    const anchor = shape.length ? path.split("/").at(-1) : fragment;
    return `${root}${told.folder}${page}.html${anchor ? `#${anchor}` : ""}`;
  }

  /**
   * Return an IRI as it is shown: shortened where a prefix of the publication begins it.
   * @param {string} iri
   */
  function shortened(iri) {
    for (const [prefix, begun] of prefixes) {
      const rest = iri.startsWith(begun) && iri.slice(begun.length);
      if (rest && /^[\w-]+$/u.test(rest)) return prefix + rest;
    }
    return iri;
  }

  /**
   * Return a term as an element.
   * @param {{type: string, value: string, "xml:lang"?: string} | undefined} value
   */
  function cell(value) {
    if (!value) return document.createTextNode("");
    if (value.type === "uri") {
      const address = href(value.value);
      const attributes = { class: "iri", title: value.value };
      return address
        ? made("a", { ...attributes, href: address }, shortened(value.value))
        : made("span", attributes, value.value);
    }
    if (value.type === "literal") {
      const language = value["xml:lang"];
      return made("span", language && language !== told.language ? { lang: language } : {}, value.value);
    }
    if (value.type === "triple") {
      const { subject, predicate, object } = value.value;
      return made("span", {}, "<< ", cell(subject), " ", cell(predicate), " ", cell(object), " >>");
    }
    return document.createTextNode(`_:${value.value}`);
  }

  globalThis.queryPage.terms = { triples, cell, href };
})();
