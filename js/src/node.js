// The entry for Node (Deno and Bun read files as Node does): loaded when it is imported, all synchronous.

import { readFileSync } from "node:fs";
import { start } from "./core.js";

export { applyFixes, audit, explain, render } from "./core.js";
export { AuditError } from "./error.js";
export { version } from "./version.js";

start(new WebAssembly.Module(readFileSync(new URL("./kubelet_audit_bg.wasm", import.meta.url))));

/** There is nothing left to do; the function is here so that one program runs in Node and in browsers. */
export async function init() {}
