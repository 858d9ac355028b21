/*
 * The Oxigraph engine, compiled to WebAssembly, in a thread of its own: it loads the published dump once and
 * answers queries as the query service does. To stop it, end the worker.
 */
import init, { Store } from "../oxigraph/web.js";

const FORMS = {
  SELECT: ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"],
  CONSTRUCT: ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"],
};
/** How many characters are handed to the engine at once. */
const PART = 1_000_000;
const UPDATES = /^(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)$/i;
/** What hides words: comments, strings, IRIs, variables, prefixed names; and the words themselves. */
const TOKEN =
  /#[^\r\n]*|"""(?:[^\\]|\\.)*?"""|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|<([^<>"{}|^`\\\x00-\x20]*)>|[?$][\p{L}\p{N}_]+|([\p{L}\p{N}_-]*):[\p{L}\p{N}_.:%\\-]*|@[\w-]+|([\p{L}_]+)|[^]/gsu;

/** Why there is no answer. */
class Failure extends Error {
  constructor(kind, problem, place) {
    super(problem);
    Object.assign(this, { kind, place });
  }
}

/** @type {Promise<Store> | undefined} */
let loaded;
/** @type {Store | undefined} */
let store;

/**
 * Load the dump as it comes, so that it is never held whole beside what is made of it. Lines stand for themselves,
 * but for those with blank nodes: the engine takes each load's for others, so that these wait for the last.
 */
async function load({ dump, bytes, packed }) {
  const [body] = await Promise.all([opened(dump, packed), init()]);
  const store = new Store();
  const put = (text) => store.load(text, { format: "application/n-quads", no_transaction: true });
  let blank = "";
  for await (const lines of told(body, bytes)) {
    if (!lines.includes("_:")) put(lines);
    else {
      const each = lines.split(/(?<=\n)/);
      put(each.filter((line) => !line.includes("_:")).join(""));
      blank += each.filter((line) => line.includes("_:")).join("");
    }
  }
  put(blank);
  return store;
}

/** Return the dump as it is when unpacked, from the packed file where there is one. */
async function opened(dump, packed) {
  const isPacked = packed > 0 && "DecompressionStream" in globalThis;
  const answer = isPacked ? await fetch(`${dump}.gz`) : undefined;
  if (answer?.ok && !/^text\/html\b/.test(answer.headers.get("Content-Type"))) return unpacked(answer.body);
  await answer?.body?.cancel();
  const plain = await fetch(dump);
  if (!plain.ok) throw new Failure("dump", `${plain.status} ${dump}`);
  return plain.body;
}

/** Unpack a file, if the host has not told the browser to do so: then it comes unpacked. */
async function unpacked(body) {
  const reader = body.getReader();
  const { done, value } = await reader.read();
  const whole = new ReadableStream({
    start: (to) => (done ? to.close() : to.enqueue(value)),
    pull: (to) => reader.read().then((next) => (next.done ? to.close() : to.enqueue(next.value))),
    cancel: (reason) => reader.cancel(reason),
  });
  const isPacked = value?.[0] === 0x1f; // which no line of a dump begins with
  return isPacked ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
}

/** Hand over the dump in parts of whole lines, and tell how far it is. */
async function* told(body, bytes) {
  const decoder = new TextDecoder();
  let read = 0;
  let rest = "";
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    if (done) break;
    read += value.length;
    const end = rest.length < PART ? 0 : rest.lastIndexOf("\n") + 1;
    if (!end) continue;
    yield rest.slice(0, end);
    rest = rest.slice(end);
    postMessage({ progress: Math.min(read / bytes, 0.99) });
  }
  yield rest;
}

/** Return what is to be known of a query before it is asked. */
function examined(query) {
  const used = new Set();
  const words = [];
  const graphs = [];
  let isGraphNext = false;
  for (const found of query.matchAll(TOKEN)) {
    if (/^(?:\s|#)/.test(found[0])) continue;
    if (found[2] !== undefined) used.add(found[2]);
    if (found[3]) words.push([found[3].toUpperCase(), found.index]);
    else if (found[1] !== undefined && isGraphNext) graphs.push([found[1], found.index]);
    isGraphNext = !!found[3] && /^(?:FROM|NAMED)$/i.test(found[3]);
  }
  const at = (test) => words.find(([word]) => test.test(word));
  const service = at(/^SERVICE$/);
  if (service) throw new Failure("service", "", place(query, service[1]));
  const update = at(UPDATES);
  if (update) throw new Failure("update", "", place(query, update[1]));
  const form = at(/^(?:SELECT|ASK|CONSTRUCT|DESCRIBE)$/)?.[0] ?? "SELECT";
  const offered = { ASK: "SELECT", DESCRIBE: "CONSTRUCT" }[form] ?? form;
  return { used, graphs, form: offered, hasDataset: !!at(/^FROM$/) };
}

function place(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}

/** Refuse graphs that are not the dataset's own, as the query service does. */
function refuseGraphs(store, query, base, graphs) {
  for (const [written, offset] of graphs) {
    const iri = URL.canParse(written, base) ? new URL(written, base).href : written;
    const isKnown = URL.canParse(iri) && store.query(`ASK { GRAPH <${iri}> { ?s ?p ?o } }`);
    if (!isKnown) throw new Failure("graph", `<${iri}>`, place(query, offset));
  }
}

function answer(store, { query, accept, base, prefixes }) {
  const { used, graphs, form, hasDataset } = examined(query);
  refuseGraphs(store, query, base, graphs);
  const type = FORMS[form].find((one) => accept.includes(one)) ?? FORMS[form][0];
  const declared = Object.entries(prefixes).filter(([prefix]) => used.has(prefix));
  const before = declared.map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}> `).join("");
  try {
    const text = store.query(before + query, {
      base_iri: base,
      results_format: type,
      use_default_graph_as_union: !hasDataset,
    });
    return { type, text };
  } catch (error) {
    if (isShort(error)) throw error;
    throw placed(error, before.length);
  }
}

/** Tell whether an error is how the engine ends when there is no more memory. */
function isShort(error) {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

/** Put an error of the engine at its place in the query as it was written. */
function placed(error, before) {
  const found = /^error at (\d+):(\d+): /.exec(error.message);
  if (!found) return new Failure("other", error.message);
  const [line, column] = [Number(found[1]), Number(found[2])];
  const problem = error.message.slice(found[0].length).replace(/\s+/g, " ");
  const own = line === 1 ? Math.max(1, column - before) : column;
  return new Failure("other", problem, { line, column: own });
}

/** Tell why there is no answer; where memory is short, the engine is at its end. */
function failure(error) {
  if (error instanceof Failure) return { kind: error.kind, problem: error.message, place: error.place, ended: error.kind === "dump" };
  return { kind: store ? "memory" : "room", ended: true };
}

onmessage = async ({ data }) => {
  try {
    loaded ??= load(data);
    store = await loaded.catch((error) => {
      throw isShort(error) ? error : error instanceof Failure ? error : new Failure("dump", error.message);
    });
    postMessage({ progress: 1 });
    postMessage(answer(store, data));
  } catch (error) {
    postMessage(failure(error));
  }
};
