// The one wrapper around the modules. The entries (node.js, web.js, workerd.js) differ only in how they
// come by them compiled.
//
// There are two. The small one answers for what an editor sends with every key: a config's text, drop-ins,
// an argv. What it has not got (Kubernetes objects, command lines in texts, parsed configs, fixes) the full
// one has, which has all of the small one too and answers alike; it is asked where the small one passes.

import * as smallGlue from "./kubelet_audit.js";
import { AuditError } from "./error.js";
import { plain } from "./plain.js";

/** @typedef {typeof import("./kubelet_audit.js")} SmallGlue */
/** @typedef {typeof import("./kubelet_audit_full.js")} FullGlue */

// Memory of an instance only grows. One that had to take a giant input is replaced after it.
const KEEP_BYTES = 64 * 1024 * 1024;

/**
 * A module that was started: what the generator made for it holds the instance.
 * @template {SmallGlue | FullGlue} Glue
 */
class Started {
  /**
   * @param {Glue} glue
   * @param {WebAssembly.Module} module
   */
  constructor(glue, module) {
    this.glue = glue;
    this.broken = false;
    glue.initSync({ module });
  }

  /** The current instance's. With an instance made, `initSync` does nothing but answer with them. */
  get exports() {
    return this.glue.initSync(/** @type {any} */ (undefined));
  }

  /**
   * Calls the module. After a trap its instance cannot be trusted: it is dropped, and the next call has
   * a new one.
   *
   * @template T
   * @param {(glue: Glue) => T} body
   * @returns {T}
   */
  call(body) {
    if (this.broken) {
      this.glue.__wbg_reset_state();
      this.broken = false;
    }
    try {
      return body(this.glue);
    } catch (cause) {
      this.broken = true;
      throw new AuditError("internal", `kubelet-audit failed: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
        help: "this is a bug, please report it; the next call works again",
      });
    } finally {
      if (!this.broken && this.exports.memory.buffer.byteLength > KEEP_BYTES) this.broken = true;
    }
  }
}

/** @type {Started<SmallGlue> | undefined} */
let small;
/** @type {Started<FullGlue> | undefined} */
let full;
/** @type {(() => void) | undefined} */
let loadFull;

/** @param {WebAssembly.Module} module */
export function start(module) {
  small ??= new Started(smallGlue, module);
}

/**
 * @param {FullGlue} glue
 * @param {WebAssembly.Module} module
 */
export function startFull(glue, module) {
  full ??= new Started(glue, module);
}

/**
 * Where a file can be read at once, the full module is loaded when it is first needed.
 * @param {() => void} load
 */
export function loadFullWith(load) {
  loadFull = load;
}

/** What is loaded; for the tests. */
export function started() {
  return { small, full };
}

/** The full module, which a call needs. */
function needFull() {
  if (!full) loadFull?.();
  if (full) return full;
  throw new AuditError("not-initialized", "this takes the full module, which is not loaded yet", {
    help: "await initFull() first",
  });
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
  if (typeof input === "string") return ask((glue) => glue.auditText(input));
  const request = plainRequest(input);
  if (isParsed(request)) return needFull().call((glue) => glue.auditObject(request));
  const text = JSON.stringify(request);
  return ask((glue) => glue.auditJson(text));
}

/**
 * Asks the small module, and the full one where that passes.
 * @param {(glue: SmallGlue | FullGlue) => string | undefined} body
 * @returns {string}
 */
function ask(body) {
  if (!small && !full) {
    throw new AuditError("not-initialized", "no module is loaded yet", { help: "await init() first" });
  }
  return small?.call(body) ?? /** @type {string} */ (needFull().call(body));
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
  const given = JSON.stringify(plain(options, "options"));
  const answer = JSON.parse(needFull().call((glue) => glue.applyFixesJson(text, about, given)));
  if (answer.error !== undefined) throw new AuditError("invalid-argument", answer.error);
  return answer;
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

/**
 * Text is the fast door. A config that is already parsed takes the other, which keeps integers apart
 * from other numbers.
 * @param {Record<string, unknown>} request
 */
function isParsed(request) {
  return Object.values(request).some(
    (value) => typeof value === "bigint" || (typeof value === "object" && value !== null && !Array.isArray(value)),
  );
}
