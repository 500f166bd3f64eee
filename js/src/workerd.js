// The entry for workerd (Cloudflare Workers), where code cannot be compiled at run time: the platform
// hands over the compiled module on import. One module has to be enough there, so it is the full one.

import * as glue from "./kubelet_audit_full.js";
import module from "./kubelet_audit_full_bg.wasm";
import { startFull } from "./core.js";

export { applyFixes, audit } from "./core.js";
export { AuditError } from "./error.js";
export { version } from "./version.js";

startFull(glue, module);

/** There is nothing left to do; the functions are here so that one program runs everywhere. */
export async function init() {}
export async function initFull() {}
