#!/usr/bin/env node
// The command in Node. What it does is written in Rust, once for every host (`cli/src`). It is a module of its
// own, which nothing else loads.

import { readFileSync } from "node:fs";
import { host } from "./host.js";
import { initSync, run } from "./kubelet_audit_cli.js";

const INTERNAL = 101;

try {
  initSync({ module: readFileSync(new URL("./kubelet_audit_cli_bg.wasm", import.meta.url)) });
  process.exitCode = run(process.argv.slice(2), host);
} catch (error) {
  host.writeStderr(`error: internal error, please report it: ${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = INTERNAL;
}
