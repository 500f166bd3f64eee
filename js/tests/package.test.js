// The package as npm would publish it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { pkg, pkgPath } from "./support.js";

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
    "catalogue.d.ts",
    "cli.js",
    "codemirror.js",
    "controls.js",
    "core.js",
    "editor.d.ts",
    "error.js",
    "host.js",
    "index.d.ts",
    "kubelet_audit.js",
    "kubelet_audit_bg.wasm",
    "kubelet_audit_full.js",
    "kubelet_audit_full_bg.wasm",
    "live-worker.js",
    "live.js",
    "node.js",
    "package.json",
    "plain.js",
    "plugins/kubelet-audit.raw.wasm",
    "plugins/kubelet-audit.wasi.wasm",
    "positions.js",
    "schema/applied-1.json",
    "schema/baseline-1.json",
    "schema/report-1.json",
    "schema/request-1.json",
    "schema/waivers-1.json",
    "tables.js",
    "types.d.ts",
    "version.js",
    "web.js",
    "workerd.js",
  ]);
  // The goal is 500 KiB; this is where it stands, so that it does not grow unnoticed.
  assert.ok(packed.size <= 1260 * 1024, `${packed.size} bytes packed`);
});

test("the JavaScript that a page downloads is small, and no more than it asked for", async () => {
  const bundle = (contents, more) =>
    build({
      ...{ bundle: true, minify: true, format: "esm", write: false, outdir: scratch, logLevel: "error" },
      ...{ stdin: { contents, resolveDir: pkgPath }, ...more },
    });
  const size = (files) => files.reduce((sum, { contents }) => sum + contents.length, 0);

  const { metafile, outputFiles } = await bundle('export * from "./web.js"', { splitting: true, metafile: true });
  // What comes with the full module is a file of its own.
  const later = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ kind }) => kind === "dynamic-import").map(({ path }) => basename(path)),
  );
  assert.equal(later.length, 1);
  const entry = size(outputFiles.filter(({ path }) => !later.includes(basename(path))));
  assert.ok(entry <= 10 * 1024, `${entry} bytes`);

  // What is imported and not used falls away: the data of the catalogue, the whole entry.
  const unused = await bundle('import { explain } from "./controls.js"; import { audit } from "./web.js"');
  assert.ok(size(unused.outputFiles) < 64);
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

test("each module has its own part", () => {
  const OURS = ["applyFixesJson", "auditJson", "auditObject", "auditText", "run"];
  const ours = (file) =>
    WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(new URL(file, pkg))))
      .map(({ name }) => name)
      .filter((name) => OURS.includes(name))
      .sort();
  assert.deepEqual(ours("kubelet_audit_bg.wasm"), ["auditJson", "auditText"]);
  assert.deepEqual(ours("kubelet_audit_full_bg.wasm"), OURS);
});

test("publint has nothing to say", async () => {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages } = await publint({ pkgDir: pkgPath, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, manifest)), []);
});

test("are the types wrong? no", () => {
  const args = [tarball, "--profile", "esm-only", "--format", "json", "--entrypoints", ".", "./web", "./controls"];
  const { analysis } = JSON.parse(run(process.execPath, [tool("@arethetypeswrong/cli/dist/index.js"), ...args]));
  // What the profile leaves out: `require` gives a module of the other kind (Node can), and TypeScript's
  // resolution for Node 10 knows no `exports`.
  const problems = analysis.problems.filter(
    ({ kind, resolutionKind }) => kind !== "CJSResolvesToESM" && resolutionKind !== "node10",
  );
  assert.deepEqual(problems, []);
});
