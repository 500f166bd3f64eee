// CodeMirror 6: what a report says, underlined where it belongs.

import { linter } from "@codemirror/lint";
import { StateEffect } from "@codemirror/state";
import { EditorView, ViewPlugin } from "@codemirror/view";
import { spanOf } from "./positions.js";

export { indexOfByte, spanOf } from "./positions.js";

/** @import { Diagnostic } from "@codemirror/lint" */
/** @import { ChangeDesc, Text } from "@codemirror/state" */
/** @import { Evidence, Finding, Issue, Location, Report, Target } from "./types.js" */
/** @import { KubeletLinterOptions } from "./editor.js" */

const TOOL = "kubelet-audit";
const STALE = "cm-kubelet-stale";

/** @type {Record<Issue["severity"], Diagnostic["severity"]>} */
const ISSUE_SEVERITY = { error: "error", warning: "warning", note: "info" };

/**
 * What a report says of one text, as CodeMirror takes it.
 * @param {Report} report
 * @param {Text} doc
 * @param {{ source?: string | undefined }} [options]
 * @returns {Diagnostic[]}
 */
export function diagnosticsOf(report, doc, { source = "config" } = {}) {
  return targetsOf(report, source).flatMap((target) => {
    const issues = issueDiagnostics(target, doc, source);
    return isUnreadable(target) ? issues : [...issues, ...findingDiagnostics(target, doc, source)];
  });
}

/**
 * A document of Kubernetes objects has a target for each kubelet that they speak of.
 * @param {Report} report
 * @param {string} source
 */
function targetsOf({ targets }, source) {
  const own = targets.filter((target) => target.source === source || target.source.startsWith(`${source}: `));
  return own.length > 0 ? own : targets.slice(0, 1);
}

/**
 * Whether a layer could not be read. Then the findings tell nothing that the errors do not.
 * @param {Target} target
 */
function isUnreadable(target) {
  return target.errors.length > 0;
}

/**
 * @param {Target} target
 * @param {Text} doc
 * @param {string} source
 * @returns {Diagnostic[]}
 */
function issueDiagnostics({ kubelet, errors }, doc, source) {
  const seen = new Set();
  const diagnostics = [];
  // What makes a document unreadable is also what stops the kubelet: the same issue in two lists.
  for (const issue of [...errors, ...(kubelet?.errors ?? []), ...(kubelet?.warnings ?? [])]) {
    const place = issuePlace(issue, doc, source);
    if (!place) continue;
    const key = JSON.stringify([issue.code, issue.message, place]);
    if (seen.has(key)) continue;
    seen.add(key);
    const lines = [issue.message];
    if (issue.help) lines.push(`Fix: ${issue.help}`);
    diagnostics.push(diagnostic(place, ISSUE_SEVERITY[issue.severity], lines, issue.code));
  }
  return diagnostics;
}

/**
 * An error that has no place of its own stands at the top, so as not to be missed; what belongs to another
 * text is left to that one.
 * @param {Issue} issue
 * @param {Text} doc
 * @param {string} source
 */
function issuePlace({ location, severity }, doc, source) {
  if (location) return placeIn(location, doc, source);
  return severity === "error" ? firstLine(doc) : undefined;
}

/**
 * @param {Target} target
 * @param {Text} doc
 * @param {string} source
 * @returns {Diagnostic[]}
 */
function findingDiagnostics({ findings }, doc, source) {
  return findings.flatMap((finding) => {
    const severity = findingSeverity(finding);
    if (!severity) return [];
    const stops = finding.effective.verdict === "does-not-start";
    // What stops the kubelet has its own place. That then nothing can be judged is told once, there.
    if (stops && finding.status === "error") return [];
    // What is bad stands at the top if nothing in this text spoke of it; information can be left to a list.
    const fallback = stops || severity === "info" ? undefined : firstLine(doc);
    const place = findingPlace(finding, doc, source) ?? fallback;
    return place ? [diagnostic(place, severity, findingLines(finding), finding.control)] : [];
  });
}

/**
 * @param {Finding} finding
 * @returns {Diagnostic["severity"] | undefined} nothing where all is well
 */
function findingSeverity({ status, effective }) {
  if (status === "fail") return "error";
  if (status === "error" || effective.verdict === "no" || effective.verdict === "does-not-start") return "warning";
  return effective.verdict === "partly" || effective.verdict === "unknown" ? "info" : undefined;
}

/**
 * Where a finding is underlined: at what decided. If only the effective verdict is bad, at the field that is
 * missing for a good one. If another text decided (a flag, a drop-in), at what this text says in vain.
 * @param {Finding} finding
 * @param {Text} doc
 * @param {string} source
 */
function findingPlace({ status, effective, evidence }, doc, source) {
  const isMissing = (/** @type {Evidence} */ { path }) =>
    effective.missing.some((missing) => missing === path || missing.startsWith(`${path}:`));
  const decided = evidence.filter((one) => one.decided);
  const bad = status === "fail" || status === "error" ? [] : decided.filter(isMissing);
  const others = effective.verdict === "does-not-start" ? [] : evidence;
  for (const { location } of [...bad, ...decided, ...others]) {
    const place = location && placeIn(location, doc, source);
    if (place) return place;
  }
  return undefined;
}

/** @param {Finding} finding */
function findingLines({ title, benchmark, effective, message, why, fix }) {
  const lines = [
    `${benchmark.number} ${title}`,
    `benchmark ${benchmark.verdict} · effective ${effective.verdict}`,
    message,
    `Why: ${why}`,
  ];
  if (fix) lines.push(`Fix: ${fix}`);
  return lines;
}

/**
 * @param {Location} location
 * @param {Text} doc
 * @param {string} source
 */
function placeIn(location, doc, source) {
  return location.source === source && location.range ? spanOf(doc, location.range) : undefined;
}

/** @param {Text} doc */
function firstLine(doc) {
  for (let number = 1; number <= doc.lines; number += 1) {
    const { from, to, text } = doc.line(number);
    if (text.trim() !== "") return { from, to };
  }
  return { from: 0, to: 0 };
}

/**
 * @param {{ from: number, to: number }} place
 * @param {Diagnostic["severity"]} severity
 * @param {string[]} lines
 * @param {string} about
 * @returns {Diagnostic}
 */
function diagnostic({ from, to }, severity, lines, about) {
  return { from, to, severity, source: `${TOOL} · ${about}`, message: lines.join("\n") };
}

/** Asks for another run although the text is the same. */
const refresh = StateEffect.define();

/**
 * Runs the linter again: for when something else of the request has changed.
 * @param {EditorView} view
 */
export function refreshKubeletLint(view) {
  view.dispatch({ effects: refresh.of(null) });
}

/** What one editor remembers between two runs. */
class Session {
  /** Number of the newest run: what an earlier one brings home later is dropped. */
  turn = 0;
  /** @type {Diagnostic[]} of the findings, from the last text that could be read */
  good = [];
  /** @type {Diagnostic[]} */
  shown = [];

  /** @param {import("@codemirror/view").ViewUpdate} update */
  update({ docChanged, changes }) {
    if (!docChanged) return;
    this.good = moved(this.good, changes);
    this.shown = moved(this.shown, changes);
  }
}

/**
 * Diagnostics after an edit; those whose text is gone are gone.
 * @param {Diagnostic[]} diagnostics
 * @param {ChangeDesc} changes
 */
function moved(diagnostics, changes) {
  return diagnostics
    .map((one) => ({ ...one, from: changes.mapPos(one.from, 1), to: changes.mapPos(one.to, -1) }))
    .filter(({ from, to }) => from < to);
}

/**
 * @param {Diagnostic} diagnostic
 * @returns {Diagnostic}
 */
function stale(diagnostic) {
  return {
    ...diagnostic,
    severity: "hint",
    markClass: STALE,
    message: `From the last text that could be read:\n${diagnostic.message}`,
  };
}

/**
 * Underlines what a kubelet and the controls say of the document.
 *
 * A text that cannot be read, as happens while one types, shows why, and keeps the last findings in grey.
 * @param {KubeletLinterOptions} options
 * @returns {import("@codemirror/state").Extension}
 */
export function kubeletLinter({ audit, request = (text) => text, source = "config", delay = 150, onReport, onError }) {
  const sessions = ViewPlugin.fromClass(Session);

  /** @param {EditorView} view */
  async function lint(view) {
    const { doc } = view.state;
    const session = view.plugin(sessions);
    if (!session) return [];
    session.turn += 1;
    const { turn } = session;
    /** @type {Report | undefined} */
    let report;
    /** @type {{ cause: unknown } | undefined} */
    let failure;
    try {
      const input = request(doc.toString());
      report = input === undefined ? undefined : await audit(input);
    } catch (cause) {
      failure = { cause };
    }
    // The text or the request has moved on; the run that follows has the answer.
    if (session.turn !== turn || view.state.doc !== doc) return session.shown;

    session.shown = failure ? failed(failure.cause, doc, session) : answered(report, doc, session);
    if (failure) onError?.(failure.cause);
    else onReport?.(report);
    return session.shown;
  }

  /**
   * @param {Report | undefined} report
   * @param {Text} doc
   * @param {Session} session
   */
  function answered(report, doc, session) {
    const targets = report ? targetsOf(report, source) : [];
    const issues = targets.flatMap((target) => issueDiagnostics(target, doc, source));
    const readable = targets.filter((target) => !isUnreadable(target));
    if (targets.length > 0 && readable.length === 0) return [...issues, ...session.good.map(stale)];
    session.good = readable.flatMap((target) => findingDiagnostics(target, doc, source));
    return [...issues, ...session.good];
  }

  /**
   * @param {unknown} cause
   * @param {Text} doc
   * @param {Session} session
   */
  function failed(cause, doc, session) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return [diagnostic(firstLine(doc), "error", [message], "internal"), ...session.good.map(stale)];
  }

  return [
    sessions,
    linter(lint, {
      delay,
      needsRefresh: (update) =>
        update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(refresh))),
    }),
    look,
  ];
}

const look = EditorView.baseTheme({
  [`.${STALE}`]: { backgroundImage: "none", textDecoration: "underline dotted #8889", textUnderlineOffset: "3px" },
});
