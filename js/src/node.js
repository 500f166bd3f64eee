// The entry for Node (Deno and Bun read files as Node does): loaded when it is imported, all synchronous.

import { readFileSync } from "node:fs";
import { loadFullWith, start, startFull } from "./core.js";
import * as fullGlue from "./kubelet_audit_full.js";

export { applyFixes, audit } from "./core.js";
export { AuditError } from "./error.js";
export { version } from "./version.js";

/** @param {string} url */
const compile = (url) => new WebAssembly.Module(readFileSync(new URL(url, import.meta.url)));

start(compile("./kubelet_audit_bg.wasm"));
loadFullWith(() => startFull(fullGlue, compile("./kubelet_audit_full_bg.wasm")));

/** There is nothing left to do; the functions are here so that one program runs in Node and in browsers. */
export async function init() {}
export async function initFull() {}
