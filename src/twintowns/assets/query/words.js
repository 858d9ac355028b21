/*
 * What the page tells its scripts: the words of its language, and where things lie.
 * Messages are named by their English text, as everywhere in the program; the page brings the translations.
 */
"use strict";

globalThis.queryPage = (() => {
  const element = document.getElementById("query-page");
  const told = JSON.parse(element.dataset.told);

  /**
   * Return a message in the language of the page.
   * @param {string} message
   * @param {Record<string, string | number>} [values] what stands for the names in braces
   */
  function word(message, values = {}) {
    const text = told.words[message] ?? message;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]) : whole));
  }

  /** @param {string | number} value */
  function shown(value) {
    return typeof value === "number" ? value.toLocaleString(told.language) : value;
  }

  /**
   * Return a new element.
   * @param {string} name
   * @param {Record<string, string>} [attributes]
   * @param {...(Node | string)} children texts are never read as HTML
   */
  function made(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  /** @param {string} selector */
  const part = (selector) => element.querySelector(selector);

  return { element, told, root: element.dataset.root, word, shown, made, part };
})();
