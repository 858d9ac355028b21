/* An answer in each of its views, and as files. */
"use strict";

(() => {
  const { part, made, word, table, chart, map, terms, engine } = globalThis.queryPage;
  const SOLUTIONS = [
    ["CSV", "csv", "text/csv"],
    ["TSV", "tsv", "text/tab-separated-values"],
    ["JSON", "json", "application/sparql-results+json"],
    ["XML", "xml", "application/sparql-results+xml"],
  ];
  const TRIPLES = [
    ["Turtle", "ttl", "text/turtle"],
    ["N-Triples", "nt", "application/n-triples"],
    ["JSON-LD", "jsonld", "application/ld+json"],
    ["RDF/XML", "rdf", "application/rdf+xml"],
  ];
  /** What is asked for to be shown. */
  const ACCEPT = "application/sparql-results+json, application/n-triples";

  /**
   * Show an answer.
   * @param {string} query
   * @param {{type: string, text: string}} told
   * @param {(work: () => Promise<void>) => void} run what runs further questions, and tells of their failures
   */
  function show(query, { type, text }, run) {
    const isTriples = !type.startsWith("application/sparql-results+json");
    const answer = isTriples ? terms.triples(text) : JSON.parse(text);
    part(".answer").hidden = false;
    part(".downloads").replaceChildren(...(isTriples ? TRIPLES : SOLUTIONS).map((form) => download(query, form, run)));
    if ("boolean" in answer) return verdict(answer.boolean);
    part(".verdict").textContent = "";
    choose(views(answer));
    return table.counted(answer);
  }

  /** @param {boolean} isTrue */
  function verdict(isTrue) {
    const text = isTrue ? word("Yes (true).") : word("No (false).");
    part(".verdict").textContent = text;
    part(".views").replaceChildren();
    part(".shown").replaceChildren();
    return text;
  }

  /** Return the views that fit an answer, as names with what draws them. */
  function views(answer) {
    const fitting = [[word("Table"), () => table.table(answer)]];
    const points = map.points(answer);
    if (points.length) fitting.push([word("Map"), () => map.map(points)]);
    const columns = chart.columns(answer);
    if (columns) fitting.push([word("Chart"), () => chart.chart(answer, columns)]);
    return fitting;
  }

  /** Offer the views as buttons, and show the first. */
  function choose(fitting) {
    const buttons = fitting.map(([name, draw]) => {
      const button = made("button", { type: "button", "aria-pressed": "false" }, name);
      button.addEventListener("click", () => {
        for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
        part(".shown").replaceChildren(draw());
      });
      return button;
    });
    part(".views").replaceChildren(...(buttons.length > 1 ? buttons : []));
    buttons[0].click();
  }

  function download(query, [name, suffix, type], run) {
    const button = made("button", { type: "button", "data-suffix": suffix }, name);
    button.addEventListener("click", () =>
      run(async (progress) => {
        const { text } = await engine.ask(query, type, progress);
        const link = made("a", { href: URL.createObjectURL(new Blob([text], { type })), download: `twintowns.${suffix}` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
        return word("The file is made.");
      }),
    );
    return made("li", {}, button);
  }

  globalThis.queryPage.results = { show, ACCEPT };
})();
