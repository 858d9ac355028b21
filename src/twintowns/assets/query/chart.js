/* An answer as bars, where each row has a label and a number. The table says the same. */
"use strict";

(() => {
  const { made, shown, told } = globalThis.queryPage;
  const MOST_BARS = 60;
  const NUMBER = /#(?:integer|decimal|double|float|int|long|nonNegativeInteger)$/;

  /** Return the variables of label and number, or nothing where the answer is no chart. */
  function columns({ head, results }) {
    const rows = results.bindings;
    if (rows.length < 2 || rows.length > MOST_BARS) return undefined;
    const isNumber = (name) => rows.every((row) => NUMBER.test(row[name]?.datatype ?? "") && isFinite(row[name].value));
    const number = head.vars.find(isNumber);
    const isPositive = number && rows.every((row) => Number(row[number].value) >= 0);
    const label = head.vars.find((name) => name !== number && rows.every((row) => row[name]));
    return isPositive && label && head.vars.filter(isNumber).length === 1 ? { label, number } : undefined;
  }

  /** Draw the bars. */
  function chart(answer, { label, number }) {
    const rows = answer.results.bindings;
    const most = Math.max(...rows.map((row) => Number(row[number].value)), Number.MIN_VALUE);
    const list = made("ul", { class: "bars", "aria-label": number });
    for (const row of rows) {
      const bar = made("span", { class: "bar", "aria-hidden": "true" });
      bar.style.inlineSize = `${((100 * Number(row[number].value)) / most).toFixed(2)}%`;
      const track = made("span", { class: "track" }, bar);
      const value = made("span", { class: "value" }, shown(Number(row[number].value)));
      const language = row[label]["xml:lang"];
      const attributes = { class: "label", ...(language && language !== told.language ? { lang: language } : {}) };
      list.append(made("li", {}, made("span", attributes, globalThis.queryPage.terms.cell(row[label])), track, value));
    }
    return list;
  }

  globalThis.queryPage.chart = { columns, chart };
})();
