// The editor: CodeMirror in a shadow root. There it uses adopted style sheets, which a policy of
// `style-src 'self'` allows; in the document itself it would insert a <style> element, which it does not.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { forceLinting, lintGutter, lintKeymap } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { kubeletLinter, refreshKubeletLint, spanOf } from "kubelet-audit/codemirror";

/** @import { KubeletLinterOptions } from "kubelet-audit/codemirror" */

const JSON_START = /^\s*[{[]/;

/**
 * @param {HTMLElement} host
 * @param {KubeletLinterOptions} linting
 * @param {() => boolean} back what Escape does; false where there is nothing to go back to
 */
export function makeEditor(host, linting, back) {
  const root = host.attachShadow({ mode: "open" });
  const language = new Compartment();
  const brightness = new Compartment();
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const languageOf = (/** @type {string} */ text) => (JSON_START.test(text) ? json() : yaml());
  let isJson = false;

  /** @type {import("@codemirror/state").Extension} */
  const extensions = [
    lineNumbers(),
    lintGutter(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    bracketMatching(),
    indentOnInput(),
    indentUnit.of("  "),
    highlightActiveLine(),
    EditorView.lineWrapping,
    EditorState.tabSize.of(2),
    language.of(yaml()),
    brightness.of(EditorView.darkTheme.of(dark.matches)),
    syntaxHighlighting(highlighting),
    theme,
    EditorView.contentAttributes.of({ "aria-label": "Kubelet configuration", autocapitalize: "off" }),
    // Tab is left to the browser: whoever has no mouse has to get out of the editor. The way back comes
    // before what else Escape does, for a jump leaves a selection, and dropping that would come first.
    keymap.of([{ key: "Escape", run: back }, ...defaultKeymap, ...historyKeymap, ...lintKeymap, ...searchKeymap]),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      const looksLikeJson = JSON_START.test(update.state.sliceDoc(0, 1000));
      if (looksLikeJson === isJson) return;
      isJson = looksLikeJson;
      update.view.dispatch({ effects: language.reconfigure(languageOf(isJson ? "{" : "")) });
    }),
    kubeletLinter(linting),
  ];
  const view = new EditorView({ root, parent: /** @type {any} */ (root), state: EditorState.create({ extensions }) });
  dark.addEventListener("change", () => {
    view.dispatch({ effects: brightness.reconfigure(EditorView.darkTheme.of(dark.matches)) });
  });

  return {
    /** @param {string} text another document, at once */
    load(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
      forceLinting(view);
    },
    /** For when something else of the request has changed. */
    refresh() {
      refreshKubeletLint(view);
    },
    /** @param {import("kubelet-audit").Range} range */
    select(range) {
      const { from, to } = spanOf(view.state.doc, range);
      view.dispatch({
        selection: { anchor: from, head: to },
        effects: EditorView.scrollIntoView(from, { y: "center" }),
      });
      view.focus();
    },
  };
}

const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--code-atom)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: "var(--muted)" },
]);

/** CodeMirror's own underlines and marks are images in `data:` URLs, which the policy refuses: these take their place. */
const mark = (/** @type {string} */ sign, /** @type {string} */ color) => ({
  content: "normal",
  "&:before": { content: `"${sign}"`, color, fontSize: "11px", lineHeight: "1.4" },
});
const underline = (/** @type {string} */ color) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${color} 1.5px`,
  textDecorationSkipInk: "none",
  textUnderlineOffset: "3px",
});

const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    lineHeight: "1.55",
    minHeight: "var(--editor-min)",
    maxHeight: "var(--editor-max)",
    overflow: "auto",
  },
  ".cm-content": { caretColor: "var(--text)", padding: "10px 0" },
  ".cm-line": { padding: "0 14px 0 6px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--faint)", border: "none", paddingLeft: "6px" },
  ".cm-activeLine": { backgroundColor: "var(--active)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--match)" },
  ".cm-lintRange": { paddingBottom: "0" },
  ".cm-lintRange-error": underline("var(--bad)"),
  ".cm-lintRange-warning": underline("var(--warn)"),
  ".cm-lintRange-info": underline("var(--info)"),
  ".cm-lintRange-hint": { backgroundImage: "none" },
  ".cm-lintRange-active": { backgroundColor: "var(--match)" },
  ".cm-gutter-lint": { width: "1.2em" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker": { width: "1.2em", height: "auto", textAlign: "center" },
  ".cm-lint-marker-error": mark("●", "var(--bad)"),
  ".cm-lint-marker-warning": mark("▲", "var(--warn)"),
  ".cm-lint-marker-info": mark("◆", "var(--info)"),
  ".cm-lint-marker-hint": mark("·", "var(--faint)"),
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "8px",
    boxShadow: "0 6px 24px #0003",
    overflow: "hidden",
  },
  ".cm-tooltip-lint": { maxWidth: "min(34rem, 88vw)" },
  ".cm-diagnostic": { padding: "8px 12px", fontFamily: "var(--sans)", fontSize: "13px", lineHeight: "1.45", marginLeft: "0" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--warn)" },
  ".cm-diagnostic-info": { borderLeft: "4px solid var(--info)" },
  ".cm-diagnostic-hint": { borderLeft: "4px solid var(--line)", color: "var(--muted)" },
  ".cm-diagnosticSource": { fontSize: "11px", opacity: "1", color: "var(--muted)", marginTop: "4px" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-panel-lint ul": { maxHeight: "11rem" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--active)" },
  ".cm-panel.cm-panel-lint ul:focus [aria-selected]": { backgroundColor: "var(--match)", color: "var(--text)" },
  ".cm-textfield": { backgroundColor: "var(--surface)", border: "1px solid var(--line-strong)", color: "var(--text)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", border: "1px solid var(--line-strong)", color: "var(--text)", borderRadius: "6px" },
});
