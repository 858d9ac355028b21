/* An answer as a table. */
"use strict";

(() => {
  const { made, shown, word, terms } = globalThis.queryPage;
  const MOST_ROWS = 1000;

  /** @param {{head: {vars: string[]}, results: {bindings: object[]}}} answer */
  function table({ head, results }) {
    const rows = results.bindings.slice(0, MOST_ROWS);
    const names = made("tr", {}, ...head.vars.map((name) => made("th", { scope: "col" }, name)));
    const cells = (row) => head.vars.map((name) => made("td", kind(row[name], name), terms.cell(row[name])));
    const body = made("tbody", {}, ...rows.map((row) => made("tr", {}, ...cells(row))));
    const drawn = made("div", { class: "wide", tabindex: "0", role: "region", "aria-labelledby": "answer" });
    drawn.append(made("table", {}, made("thead", {}, names), body));
    const total = results.total ?? results.bindings.length;
    if (rows.length === total) return drawn;
    const values = { shown: rows.length, total };
    const more = word("The first {shown} of {total} rows are shown; the files have all of them.", values);
    return made("div", {}, drawn, made("p", { class: "hint" }, more));
  }

  /** @param {{datatype?: string} | undefined} value */
  function kind(value, name) {
    const isNumber = /#(?:integer|decimal|double|float)$/.test(value?.datatype ?? "");
    return { "data-name": name, ...(isNumber ? { class: "number" } : {}) };
  }

  /** Say how many rows there are. */
  function counted({ results }) {
    const count = results.total ?? results.bindings.length;
    return count === 1 ? word("1 row") : word("{count} rows", { count: shown(count) });
  }

  globalThis.queryPage.table = { table, counted };
})();
