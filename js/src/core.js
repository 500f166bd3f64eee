// The one wrapper around the module. The entries (node.js, web.js, workerd.js) differ only in how they
// come by it compiled.

import * as glue from "./kubelet_audit.js";
import { AuditError } from "./error.js";
import { plain } from "./plain.js";

// Memory of an instance only grows. One that had to take a giant input is replaced after it.
const KEEP_BYTES = 64 * 1024 * 1024;

let isStarted = false;
let isBroken = false;

/** @param {WebAssembly.Module} module */
export function start(module) {
  if (isStarted) return;
  glue.initSync({ module });
  isStarted = true;
}

/** The current instance's exports. With an instance made, `initSync` does nothing but answer with them. */
export function exports() {
  return glue.initSync(/** @type {any} */ (undefined));
}

/**
 * Calls the module. After a trap its instance cannot be trusted: it is dropped, and the next call has a new
 * one. What the module throws by itself is a text: why it does not take an argument.
 *
 * @template T
 * @param {() => T} body
 * @returns {T}
 */
export function call(body) {
  if (!isStarted) {
    throw new AuditError("not-initialized", "the module is not loaded yet", { help: "await init() first" });
  }
  if (isBroken) {
    glue.__wbg_reset_state();
    isBroken = false;
  }
  try {
    return body();
  } catch (cause) {
    if (typeof cause === "string") throw invalidArgument(cause);
    isBroken = true;
    throw new AuditError("internal", `kubelet-audit failed: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
      help: "this is a bug, please report it; the next call works again",
    });
  } finally {
    if (!isBroken && exports().memory.buffer.byteLength > KEEP_BYTES) isBroken = true;
  }
}

/**
 * The error for what the module refuses: an option that does not exist comes as JSON, any other reason as text.
 * @param {string} reason
 * @returns {AuditError}
 */
function invalidArgument(reason) {
  if (!reason.startsWith('{"error":')) return new AuditError("invalid-argument", reason);
  const { option, message, help } = JSON.parse(reason).error;
  return new AuditError("invalid-argument", message, { path: `request.${option}`, help });
}

/**
 * @param {string | import("./types.js").Request} input
 * @returns {import("./types.js").Report}
 */
export function audit(input) {
  return JSON.parse(auditToJson(input));
}

/**
 * The report as the module wrote it; the same bytes in every host.
 * @param {string | import("./types.js").Request} input
 * @returns {string}
 */
export function auditToJson(input) {
  // Before anything else: who passes the wrong thing should hear of it, loaded or not. A text needs no
  // such care: on its way into the module, half a surrogate pair becomes U+FFFD.
  if (typeof input === "string") return call(() => glue.auditText(input));
  const request = plainRequest(input);
  return call(() => glue.auditObject(request));
}

/**
 * @param {string} text
 * @param {import("./types.js").Report} report
 * @param {import("./index.js").FixOptions} [options]
 * @returns {import("./types.js").Applied}
 */
export function applyFixes(text, report, options = {}) {
  if (typeof text !== "string") {
    throw new AuditError("invalid-argument", `text is of type ${typeof text}: pass the text that was audited`);
  }
  const about = JSON.stringify(plain(report, "report"));
  const given = plain(options, "options");
  return JSON.parse(call(() => glue.applyFixes(text, about, given)));
}

/**
 * @param {import("./types.js").Report | string} report
 * @param {import("./index.js").ReportFormat} format
 * @returns {string}
 */
export function render(report, format) {
  const text = typeof report === "string" ? report : JSON.stringify(plain(report, "report"));
  return call(() => glue.render(text, String(format)));
}

/**
 * @param {string} control
 * @returns {import("./types.js").ControlExplanation | undefined}
 */
export function explain(control) {
  const explanation = call(() => glue.explainJson(String(control)));
  return explanation === undefined ? undefined : JSON.parse(explanation);
}

/**
 * @param {unknown} input
 * @returns {Record<string, unknown>}
 */
function plainRequest(input) {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    const kind = Array.isArray(input) ? "an array" : input === null ? "null" : `of type ${typeof input}`;
    throw new AuditError("invalid-argument", `request is ${kind}`, {
      path: "request",
      help: "pass a config's text, or a request such as { config: text }",
    });
  }
  return /** @type {Record<string, unknown>} */ (plain(input, "request"));
}
