/*
 * The editor, in a shadow root: CodeMirror then brings its styles as constructed style sheets, which the
 * Content-Security-Policy of the site lets pass. Where the editor is not there, the text area does.
 */
"use strict";

(() => {
  const { part, word } = globalThis.queryPage;
  const area = part("#query-text");
  const KEYWORDS =
    "SELECT ASK CONSTRUCT DESCRIBE WHERE PREFIX FROM DISTINCT OPTIONAL FILTER UNION MINUS GRAPH BIND VALUES ORDER GROUP HAVING LIMIT OFFSET COUNT LANG EXISTS".split(
      " ",
    );

  /** What can be completed, taken from the lists that the page holds. */
  function offers() {
    const options = (id, type) =>
      [...document.querySelectorAll(`#${id} option`)].map((one) => ({
        label: one.value,
        detail: one.textContent,
        type,
      }));
    const keywords = KEYWORDS.map((label) => ({ label, type: "keyword" }));
    return [...options("query-terms", "property"), ...options("query-prefixes", "namespace"), ...keywords];
  }

  /** Complete what stands before the cursor: by its name, or by what it is called in the reader's language. */
  function completions(all) {
    return (context) => {
      const found = context.matchBefore(/[?$]?[\w:-]*/);
      if (!found || (found.from === found.to && !context.explicit)) return null;
      if (/^[?$]/.test(found.text)) {
        const names = new Set(context.state.doc.toString().match(/[?$]\w+/g));
        names.delete(found.text);
        return { from: found.from, options: [...names].map((label) => ({ label, type: "variable" })) };
      }
      const typed = found.text.toLocaleLowerCase();
      const options = all.filter(
        ({ label, detail }) =>
          label.toLocaleLowerCase().includes(typed) || (typed.length > 2 && detail?.toLocaleLowerCase().includes(typed)),
      );
      return { from: found.from, options, filter: false };
    };
  }

  function colours(cm) {
    const { tags } = cm;
    return cm.HighlightStyle.define([
      { tag: [tags.keyword, tags.standard(tags.variableName), tags.operatorKeyword], class: "keyword" },
      { tag: tags.comment, class: "comment" },
      { tag: tags.string, class: "string" },
      { tag: [tags.atom, tags.meta], class: "name" },
      { tag: tags.local(tags.variableName), class: "variable" },
    ]);
  }

  const THEME = {
    "&": { color: "var(--ink)", backgroundColor: "var(--panel)", fontSize: "0.95rem", border: "1px solid var(--quiet)", borderRadius: "0.3rem" },
    "&.cm-focused": { outline: "3px solid var(--mark)", outlineOffset: "2px" },
    ".cm-content": { minHeight: "14em", caretColor: "var(--ink)", padding: "0.5rem 0" },
    ".cm-scroller": { fontFamily: "ui-monospace, 'Cascadia Code', Menlo, Consolas, monospace", lineHeight: "1.5" },
    ".cm-gutters": { color: "var(--quiet)", backgroundColor: "transparent", border: "0" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--link) 28%, transparent)" },
    ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--mark)" },
    ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--line)", maxWidth: "calc(100vw - 2rem)" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--paper)", backgroundColor: "var(--link)" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected] .cm-completionDetail": { color: "inherit" },
    ".cm-completionDetail": { color: "var(--quiet)" },
    ".cm-diagnostic": { borderLeft: "5px solid var(--mark)", whiteSpace: "pre-wrap" },
    ".keyword": { color: "var(--link)", fontWeight: "600" },
    ".comment": { color: "var(--quiet)", fontStyle: "italic" },
    ".string, .variable": { color: "var(--mark)" },
  };

  /** @param {() => void} run what Ctrl+Enter does */
  function mounted(run) {
    const cm = globalThis.QueryEditor;
    const holder = part(".editor");
    if (!cm || !holder.attachShadow || !("adoptedStyleSheets" in document)) return plain(run);
    const root = holder.attachShadow({ mode: "open", delegatesFocus: true });
    const keys = cm.Prec.highest(cm.keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }]));
    const view = new cm.EditorView({
      parent: root,
      root,
      doc: area.value,
      extensions: [
        keys,
        cm.lineNumbers(),
        cm.highlightSpecialChars(),
        cm.history(),
        cm.drawSelection(),
        cm.bracketMatching(),
        cm.closeBrackets(),
        cm.StreamLanguage.define(cm.sparql),
        cm.syntaxHighlighting(colours(cm)),
        cm.autocompletion({ override: [completions(offers())], icons: false, interactionDelay: 0 }),
        cm.keymap.of([...cm.closeBracketsKeymap, ...cm.completionKeymap, ...cm.historyKeymap, ...cm.defaultKeymap]),
        cm.EditorView.domEventHandlers({ beforeinput: (event, view) => replaced(cm, event, view) }),
        cm.EditorView.lineWrapping,
        cm.EditorView.theme(THEME),
        cm.EditorView.contentAttributes.of({ "aria-label": word("Query in SPARQL"), "aria-multiline": "true" }),
        cm.EditorView.updateListener.of((update) => {
          if (update.docChanged) area.value = view.state.doc.toString();
        }),
      ],
    });
    area.hidden = true;
    area.required = false;
    holder.hidden = false;
    part(".keys").hidden = false;
    part("#query-label").addEventListener("click", () => view.focus());
    return {
      get text() {
        return view.state.doc.toString();
      },
      set text(text) {
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      },
      focus: () => view.focus(),
      mark: (place, message) => mark(cm, view, place, message),
    };
  }

  /**
   * Replace what is selected without the browser, which would keep its style in a `style` attribute; the
   * Content-Security-Policy refuses that, and says so.
   */
  function replaced(cm, event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (empty || view.composing || event.inputType !== "insertText" || !event.data) return false;
    event.preventDefault();
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type" });
    const isTaken = view.state.facet(cm.EditorView.inputHandler).some((one) => one(view, from, to, event.data, insert));
    if (!isTaken) view.dispatch(insert());
    return true;
  }

  /** Underline what an error is about, and go there; without a place, take the old line away. */
  function mark(cm, view, place, message) {
    const { doc } = view.state;
    if (!place) return view.dispatch(cm.setDiagnostics(view.state, []));
    const line = doc.line(Math.min(Math.max(place.line, 1), doc.lines));
    const from = Math.min(line.from + place.column - 1, line.to);
    const rest = /^\S+/.exec(doc.sliceString(from, line.to))?.[0].length ?? 0;
    const begin = rest ? from : Math.max(line.from, from - 1);
    view.dispatch(
      cm.setDiagnostics(view.state, [{ from: begin, to: Math.max(from + rest, begin), severity: "error", message }]),
    );
    view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  }

  /** The text area alone, which can do less. */
  function plain(run) {
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
    });
    return {
      get text() {
        return area.value;
      },
      set text(text) {
        area.value = text;
      },
      focus: () => area.focus(),
      mark(place) {
        if (!place) return;
        const before = area.value.split("\n").slice(0, place.line - 1);
        const offset = before.reduce((sum, line) => sum + line.length + 1, place.column - 1);
        area.setSelectionRange(offset, offset + 1);
      },
    };
  }

  globalThis.queryPage.editor = { mounted };
})();
