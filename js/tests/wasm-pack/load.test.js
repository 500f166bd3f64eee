// What `wasm-pack build --target web` made of the crate: loaded and run.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { config, pkg, readCases } from "../support.js";

const out = process.env.WASM_PACK_OUT;
assert.ok(out, "WASM_PACK_OUT names the directory");
const made = pathToFileURL(`${out}/`);

test("it loads as its package.json says, and answers as the package does", async () => {
  const manifest = JSON.parse(readFileSync(new URL("package.json", made), "utf8"));
  assert.equal(manifest.name, "kubelet-audit");
  const module = await import(new URL(manifest.main, made));
  await module.default({ module_or_path: readFileSync(new URL("kubelet_audit_bg.wasm", made)) });

  const { auditToJson, exports } = await import(new URL("core.js", pkg));
  const { applyFixes, explain, render } = await import(new URL("node.js", pkg));
  const names = (instance) => Object.keys(instance).filter((name) => !name.startsWith("__"));
  assert.deepEqual(names(module.initSync()).sort(), names(exports()).sort());

  for (const { name, request } of readCases()) {
    if (typeof request === "string") assert.equal(module.auditText(request), auditToJson(request), name);
    else if (typeof request === "object" && request !== null && !Array.isArray(request)) {
      assert.equal(module.auditObject(request), auditToJson(request), name);
    }
  }
  const report = auditToJson(config());
  assert.deepEqual(JSON.parse(module.applyFixes(config(), report, {})), applyFixes(config(), JSON.parse(report)));
  assert.equal(module.render(report, "markdown"), render(report, "markdown"));
  assert.deepEqual(JSON.parse(module.explainJson("event-qps")), explain("event-qps"));
});
