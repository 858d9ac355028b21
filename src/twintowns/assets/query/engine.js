/*
 * Who answers: the query service of the site, or, where there is none, an engine in this browser.
 * A file of the site says that there is none; the service, where it runs, answers in the place of that file.
 */
"use strict";

(() => {
  const { told, root, word } = globalThis.queryPage;
  const here = new URL(`${root}`, document.baseURI);
  const service = new URL("sparql/", here);
  const HEAVY = 20_000_000;
  const isFolder = location.protocol === "file:";

  /** An answer that is none: what is wrong, and where in the query. */
  class Refusal extends Error {
    /**
     * @param {string} message
     * @param {{line: number, column: number}} [place] counted from 1
     * @param {string} [words] the engine's own words, which are English
     */
    constructor(message, place, words = "") {
      super(message);
      Object.assign(this, { place, words });
    }
  }

  /** Find out who answers; asked again until it is known. @returns {Promise<"service" | "browser" | "none">} */
  async function who() {
    if (isFolder) return "none";
    known ??= fetch(new URL("service.json", service))
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then((told) => (told.service === true ? "service" : "browser"));
    return known.catch((error) => {
      known = undefined;
      throw error;
    });
  }
  let known;

  /**
   * Ask a query.
   * @param {string} query
   * @param {string} accept the media types wanted
   * @param {(share: number) => void} progress told how much of the dataset is there
   * @returns {Promise<{type: string, text: string}>}
   */
  async function ask(query, accept, progress) {
    const running = new AbortController();
    stop = () => running.abort();
    try {
      return (await who()) === "service"
        ? await asked(query, accept, running.signal)
        : await computed(query, accept, running.signal, progress);
    } catch (error) {
      if (running.signal.aborted) throw new Refusal(word("Stopped: the query was not answered."));
      if (error instanceof Refusal) throw error;
      throw new Refusal(word("The network does not answer: {problem}", { problem: error.message }));
    }
  }
  let stop = () => {};

  async function asked(query, accept, signal) {
    const answer = await fetch(service, {
      method: "POST",
      headers: {
        Accept: accept,
        "Accept-Language": told.language,
        "Content-Type": "application/sparql-query",
      },
      body: query,
      signal,
    });
    const type = answer.headers.get("Content-Type") ?? "";
    const text = await answer.text();
    if (answer.ok) return { type, text };
    throw type.startsWith("application/problem+json")
      ? refused(JSON.parse(text))
      : new Refusal(word("The query service answers with status {status}.", { status: String(answer.status) }));
  }

  /** @param {{detail?: string, title?: string, line?: number, column?: number, engine?: string}} problem */
  function refused(problem) {
    const place = problem.line ? { line: problem.line, column: problem.column ?? 1 } : undefined;
    return new Refusal(problem.detail ?? problem.title ?? "", place, problem.engine);
  }

  /** Tell whether the next query loads a dataset of which somebody has to be asked first. */
  async function isHeavy() {
    return told.bytes > HEAVY && !worker && (await who()) === "browser";
  }

  /** Ask the engine in a worker, which holds the dataset from the first query on. */
  function computed(query, accept, signal, progress) {
    worker ??= new Worker(new URL("assets/query/worker.js", here), { type: "module" });
    const mine = worker;
    const end = () => {
      mine.terminate();
      if (worker === mine) worker = undefined;
    };
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => (end(), reject(signal.reason)));
      mine.onerror = (event) => {
        end();
        reject(new Refusal(word("The engine cannot run in this browser: {problem}", { problem: event.message ?? "" })));
      };
      mine.onmessage = ({ data }) => {
        if (data.progress !== undefined) progress(data.progress);
        else if (data.type) resolve(data);
        else if (data.ended) (end(), reject(failed(data)));
        else reject(failed(data));
      };
      mine.postMessage({
        query,
        accept,
        base: told.space,
        prefixes: prefixes(),
        dump: new URL(told.dump, here).href,
        bytes: told.bytes,
        packed: told.packed,
      });
    });
  }
  let worker;

  function prefixes() {
    const options = document.querySelectorAll("#query-prefixes option");
    return Object.fromEntries([...options].map((one) => [one.value.slice(0, -1), one.textContent]));
  }

  /** @param {{kind: string, problem?: string, place?: {line: number, column: number}}} failure */
  function failed({ kind, problem, place }) {
    const values = { problem: problem ?? "" };
    const messages = {
      service: word("This page asks no other service (SERVICE): ask it yourself, and join the answers."),
      update: word("The dataset is only read here: ask with SELECT, ASK, CONSTRUCT or DESCRIBE."),
      graph: word("{problem} is not a graph of this dataset, and nothing is fetched.", values),
      dump: word("The dataset cannot be loaded: {problem}", values),
      room: word("The dataset needs more memory than this browser allows: download the files, or ask where there is a query service."),
      memory: word("The query needs more memory than this browser allows: ask for less."),
    };
    return messages[kind] ? new Refusal(messages[kind], place) : mistaken(values.problem, place);
  }

  /** Tell a mistake as the query service does, by the sentences of the engine that are known. */
  function mistaken(said, place) {
    const rule = Object.keys(told.engine).find((one) => said.includes(one));
    const message = told.engine[rule] ?? (place ? told.engine.unread : told.engine.unanswered);
    const plain = said.replace(/\[[^\]]*\](?:, )?|, \[[^\]]*$/g, "").replace(/,?\s*$/, "");
    const words = rule && place ? rule : /^expected(?: <unreported>)?$/.test(plain) ? "" : plain.slice(0, 300);
    return new Refusal(message, place, words);
  }

  globalThis.queryPage.engine = { ask, who, isHeavy, stop: () => stop(), Refusal };
})();
