// The entry for workerd (Cloudflare Workers), where code cannot be compiled at run time: the platform
// hands over the compiled module on import.

import module from "./kubelet_audit_bg.wasm";
import { start } from "./core.js";

export { applyFixes, audit, explain, render } from "./core.js";
export { AuditError } from "./error.js";
export { version } from "./version.js";

start(module);

/** There is nothing left to do; the function is here so that one program runs everywhere. */
export async function init() {}
