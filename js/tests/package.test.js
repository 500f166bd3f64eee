// The package as npm would publish it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
    "kubelet_audit_cli.js",
    "kubelet_audit_cli_bg.wasm",
    "live-worker.js",
    "live.js",
    "node.js",
    "package.json",
    "plain.js",
    "plugins/kubelet-audit.raw.wasm",
    "plugins/kubelet-audit.wasi.wasm",
    "positions.js",
    "schema/applied-2.json",
    "schema/baseline-1.json",
    "schema/report-2.json",
    "schema/request-2.json",
    "schema/waivers-1.json",
    "tables.js",
    "types.d.ts",
    "version.js",
    "web.js",
    "workerd.js",
  ]);
  assert.ok(packed.size <= 3_400_000, `${packed.size} bytes packed`);
});

test("the JavaScript that a page downloads is small", async () => {
  const bundled = async (contents) => {
    const { outputFiles } = await build({
      ...{ bundle: true, minify: true, format: "esm", write: false, outdir: scratch, logLevel: "error" },
      stdin: { contents, resolveDir: pkgPath },
    });
    return outputFiles.reduce((sum, file) => sum + file.contents.length, 0);
  };
  const entry = await bundled('export * from "./web.js"');
  assert.ok(entry <= 12 * 1024, `${entry} bytes`);

  // What is imported and not used falls away: the data of the catalogue, the whole entry.
  assert.ok((await bundled('import { explain } from "./controls.js"; import { audit } from "./web.js"')) < 64);
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
  const ours = (file) =>
    WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(new URL(file, pkg))))
      .map(({ name, kind }) => (kind === "function" && !name.startsWith("__") ? name : undefined))
      .filter((name) => name !== undefined)
      .sort();
  assert.deepEqual(ours("kubelet_audit_bg.wasm"), ["applyFixes", "auditObject", "auditText", "explainJson", "render"]);
  assert.deepEqual(ours("kubelet_audit_cli_bg.wasm"), ["run"]);
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
