// The package as npm would publish it.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { config, gate, pkg, pkgPath } from "./support.js";

const manifest = JSON.parse(readFileSync(new URL("package.json", pkg), "utf8"));
const scratch = mkdtempSync(join(tmpdir(), "kubelet-audit-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: "utf8", cwd: scratch, stdio: ["pipe", "pipe", "pipe"], ...options });
const tool = (path) => new URL(`../node_modules/${path}`, import.meta.url).pathname;

const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", scratch], { cwd: pkgPath }));
const tarball = join(scratch, packed.filename);

test("the tarball holds exactly this", () => {
  assert.deepEqual(packed.files.map((file) => file.path).sort(), [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "cli.js",
    "codemirror.js",
    "core.js",
    "editor.d.ts",
    "error.js",
    "host.js",
    "index.d.ts",
    "kubelet_audit.js",
    "kubelet_audit_bg.wasm",
    "node.js",
    "package.json",
    "plain.js",
    "plugins/kubelet-audit.raw.wasm",
    "plugins/kubelet-audit.wasi.wasm",
    "positions.js",
    "schema/applied-1.json",
    "schema/report-1.json",
    "schema/request-1.json",
    "types.d.ts",
    "version.js",
    "web.js",
    "workerd.js",
  ]);
  // The goal is 500 KiB; this is where it stands, so that it does not grow unnoticed.
  assert.ok(packed.size <= 880 * 1024, `${packed.size} bytes packed`);
});

test("it has the crate's version and no dependency", () => {
  const cargo = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8");
  assert.equal(manifest.version, /^version = "(.+)"$/m.exec(cargo)[1]);
  for (const kind of ["dependencies", "optionalDependencies", "scripts"]) assert.equal(manifest[kind], undefined, kind);
  // Who shows reports in CodeMirror has it already; nobody else is made to install it.
  for (const name of Object.keys(manifest.peerDependencies)) {
    assert.match(name, /^@codemirror\//);
    assert.deepEqual(manifest.peerDependenciesMeta[name], { optional: true });
  }
});

test("every file that package.json names is there", () => {
  const files = new Set(packed.files.map((file) => `./${file.path}`));
  const walk = (value) => {
    if (typeof value === "string") assert.ok(value.includes("*") || files.has(value), value);
    else Object.values(value).forEach(walk);
  };
  walk(manifest.exports);
  manifest.sideEffects.forEach(walk);
  assert.deepEqual(Object.keys(manifest.exports["."]), ["types", "node", "deno", "bun", "workerd", "default"]);
});

test("publint has nothing to say", async () => {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages } = await publint({ pkgDir: pkgPath, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, manifest)), []);
});

test("are the types wrong? no", () => {
  const args = [tarball, "--profile", "esm-only", "--format", "json", "--entrypoints", ".", "./web"];
  const { analysis } = JSON.parse(run(process.execPath, [tool("@arethetypeswrong/cli/dist/index.js"), ...args]));
  // What the profile leaves out: `require` gives a module of the other kind (Node can), and TypeScript's
  // resolution for Node 10 knows no `exports`.
  const problems = analysis.problems.filter(
    ({ kind, resolutionKind }) => kind !== "CJSResolvesToESM" && resolutionKind !== "node10",
  );
  assert.deepEqual(problems, []);
});

test("installed in an empty project it works by import, require and npx", () => {
  writeFileSync(join(scratch, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball]);
  const text = JSON.stringify(config({ featureGates: gate }));

  const body = `const report = audit(${text}); console.log(report.schemaVersion, report.targets.length)`;
  writeFileSync(join(scratch, "one.mjs"), `import { audit } from "kubelet-audit"; ${body}`);
  writeFileSync(join(scratch, "two.cjs"), `const { audit } = require("kubelet-audit"); ${body}`);
  assert.equal(run(process.execPath, ["one.mjs"]), "1.0 1\n");
  assert.equal(run(process.execPath, ["two.cjs"]), "1.0 1\n");

  const subpaths = ["kubelet_audit.wasm", "raw.wasm", "wasi.wasm", "schema/report-1.json", "package.json", "web"];
  const resolve = `${JSON.stringify(subpaths)}.map((path) => import.meta.resolve("kubelet-audit/" + path))`;
  writeFileSync(
    join(scratch, "three.mjs"),
    `import { existsSync } from "node:fs"; console.log(${resolve}.every((url) => existsSync(new URL(url))))`,
  );
  assert.equal(run(process.execPath, ["three.mjs"]), "true\n");

  writeFileSync(join(scratch, "node.json"), config({ serverTLSBootstrap: true, featureGates: gate }));
  // Controls of which the config says nothing fail: code 1, with a report.
  const args = ["--no", "kubelet-audit", "check", "node.json", "--format", "json"];
  const { status, stdout } = spawnSync("npx", args, { encoding: "utf8", cwd: scratch });
  assert.equal(status, 1);
  assert.equal(JSON.parse(stdout).targets[0].source, "node.json");
});
