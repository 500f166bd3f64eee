// The bundle of the OPA policy: what OPA reads of it, and its module in OPA's own SDK for JavaScript.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import opa from "@open-policy-agent/opa-wasm";
import { pkg } from "./support.js";

const bundle = fileURLToPath(new URL("plugins/kubelet-audit.opa-bundle.tar.gz", pkg));
const directory = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
after(() => rmSync(directory, { recursive: true, force: true }));
// tar makes the absolute names of a bundle relative, and says so on standard error.
execFileSync("tar", ["-xzf", bundle, "-C", directory], { stdio: ["ignore", "inherit", "ignore"] });

test("the manifest names every entrypoint of the module, below its root", async () => {
  assert.deepEqual(readdirSync(directory).sort(), [".manifest", "policy.wasm"]);
  const manifest = JSON.parse(readFileSync(join(directory, ".manifest"), "utf8"));
  assert.deepEqual(manifest.roots, ["kubelet_audit"]);
  const policy = await opa.loadPolicy(readFileSync(join(directory, "policy.wasm")));
  assert.deepEqual(manifest.wasm.map(({ entrypoint }) => entrypoint), Object.keys(policy.entrypoints));
  for (const { entrypoint, module } of manifest.wasm) {
    assert.equal(module, "/policy.wasm");
    assert.ok(entrypoint.startsWith("kubelet_audit/"));
  }
  const input = { kubeletconfig: { readOnlyPort: 10255 }, parameters: { controls: ["read-only-port"], benchmark: "cis-1.8" } };
  const [{ result: allowed }] = policy.evaluate(input, "kubelet_audit/allow");
  const [{ result: findings }] = policy.evaluate(input, "kubelet_audit/findings");
  assert.equal(allowed, false);
  assert.deepEqual(findings.map(({ control, status }) => [control, status]), [["read-only-port", "fail"]]);
});
