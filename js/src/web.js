// The entry for browsers, workers and bundlers: `init()` once, then all synchronous.

import { start } from "./core.js";
import { AuditError } from "./error.js";

export { applyFixes, audit, explain, render } from "./core.js";
export { AuditError } from "./error.js";
export { version } from "./version.js";

/** @typedef {import("./index.js").InitInput} InitInput */

/** @type {Promise<void> | undefined} */
let loading;

/**
 * Loads the module once: later calls, whatever they pass, get the promise of the first. After a failure the
 * next call tries again.
 *
 * @param {InitInput | PromiseLike<InitInput>} [input]
 * @returns {Promise<void>}
 */
export function init(input) {
  loading ??= load(input).catch((cause) => {
    loading = undefined;
    if (cause instanceof AuditError) throw cause;
    throw new AuditError("load", `kubelet_audit_bg.wasm could not be loaded: ${cause?.message ?? cause}`, {
      cause,
      help:
        "it has to be beside the script, or passed to init() as a URL, a Response, bytes or a module; " +
        "a content security policy needs script-src 'wasm-unsafe-eval'",
    });
  });
  return loading;
}

/** @param {InitInput | PromiseLike<InitInput>} [input] */
async function load(input) {
  start(await compile(await (input ?? new URL("./kubelet_audit_bg.wasm", import.meta.url))));
}

/**
 * @param {InitInput} input
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(input) {
  if (input instanceof WebAssembly.Module) return input;
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) {
    return WebAssembly.compile(/** @type {BufferSource} */ (input));
  }
  const response =
    typeof input === "string" || input instanceof URL || input instanceof Request ? await fetch(input) : input;
  if (!(response instanceof Response)) {
    throw new AuditError("invalid-argument", "input is nothing to load from", {
      path: "input",
      help: "pass a URL, a Response, bytes or a WebAssembly.Module",
    });
  }
  if (!response.ok) throw new Error(`${response.url} answered ${response.status} ${response.statusText}`.trim());
  // Compiling while it arrives needs the right media type, which not every server sends.
  if (response.headers.get("content-type")?.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
