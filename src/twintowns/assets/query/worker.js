/*
 * The Oxigraph engine, compiled to WebAssembly, in a thread of its own: it loads the published dump once and
 * answers queries as the query service does. To stop it, end the worker.
 */
import init, { Store } from "../oxigraph/web.js";

const FORMS = {
  SELECT: ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"],
  CONSTRUCT: ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"],
};
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

async function load(dump, bytes) {
  const [answer] = await Promise.all([fetch(dump), init()]);
  if (!answer.ok) throw new Failure("dump", `${answer.status} ${dump}`);
  const parts = [];
  let length = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    postMessage({ progress: (0.5 * length) / Math.max(bytes, length) });
  }
  const store = new Store();
  store.load(told(parts, length), { format: "application/n-quads", no_transaction: true });
  return store;
}

/** Hand over the dump in parts, and tell how far it is. */
function* told(parts, length) {
  let read = 0;
  for (const part of parts) {
    yield part;
    read += part.length;
    postMessage({ progress: 0.5 + (0.5 * read) / length });
  }
}

/** Return what is to be known of a query before it is asked. */
function examined(query) {
  const used = new Set();
  const words = [];
  const graphs = [];
  for (const found of query.matchAll(TOKEN)) {
    if (found[2] !== undefined) used.add(found[2]);
    if (found[3]) words.push([found[3].toUpperCase(), found.index]);
    else if (found[1] !== undefined && /^(?:FROM|NAMED)$/.test(words.at(-1)?.[0])) graphs.push([found[1], found.index]);
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
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw error;
    throw placed(error, before.length);
  }
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

onmessage = async ({ data }) => {
  try {
    loaded ??= load(data.dump, data.bytes);
    const store = await loaded.catch((error) => {
      throw error instanceof Failure ? error : new Failure("dump", error.message);
    });
    postMessage({ progress: 1 });
    postMessage(answer(store, data));
  } catch (error) {
    const isOver = !(error instanceof Failure);
    const failure = isOver ? { kind: "memory", ended: true } : { kind: error.kind, problem: error.message };
    postMessage({ ...failure, ended: isOver || error.kind === "dump", place: error.place });
  }
};
