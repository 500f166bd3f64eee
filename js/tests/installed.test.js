// The packed package in a project of its own: what users of Node and TypeScript do with it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { install, tool } from "./installed.js";
import { compliant, config, gate, pkg, readCases } from "./support.js";

const { audit, render } = await import(new URL("node.js", pkg));
const { listBenchmarks, listControls, explain } = await import(new URL("controls.js", pkg));

const project = install();
after(project.remove);
const write = (name, text) => writeFileSync(join(project.path, name), text);
const node = (...args) => project.run(process.execPath, args);

const BEFORE = config({ serverTLSBootstrap: false, featureGates: gate });
const DROP_IN = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nserverTLSBootstrap: true\n";
write("node.json", BEFORE);
write("10-rotation.conf", DROP_IN);
write("compliant.json", compliant());

test("import", () => {
  const lines = audit(BEFORE).targets[0].findings.map(
    ({ benchmark, effective, message }) => `${benchmark.number} ${benchmark.verdict} ${effective.verdict} ${message}\n`,
  );
  const said = node("audit.js");
  // Positions aside, which are in no message, it is the same config.
  assert.equal(said, lines.join(""));
  assert.match(said, /^3\.2\.9 pass no /m);
});

test("require", () => {
  const { version } = JSON.parse(readFileSync(new URL("package.json", pkg), "utf8"));
  assert.equal(node("audit.cjs"), `${version} 1\n`);
});

test("the layers of a node", () => {
  assert.equal(node("layers.js"), "aks-system-0 1.33 config,dropIns,args 0\n");
});

test("controls and benchmarks", () => {
  const lines = node("controls.js").trimEnd().split("\n");
  assert.equal(lines[0], listControls().map(({ control, severity, title }) => `${control} ${severity} ${title}`)[0]);
  assert.ok(lines.includes(explain("read-only-port").remediation));
  assert.deepEqual(lines.slice(-3), ["cis-aks-1.0", "cis-aks-1.7", "cis-aks-1.8"]);
});

test("a report in another format, and an explanation", () => {
  const lines = node("render.js").trimEnd().split("\n");
  assert.equal(lines.at(-1), explain("read-only-port").why);
  assert.equal(lines.slice(0, -1).join("\n"), render(audit({ config: BEFORE }), "markdown"));
});

test("errors are values", () => {
  const [syntax, call] = node("errors.js").trimEnd().split("\n");
  assert.match(syntax, /^\S+ 1 \d+ \S/);
  assert.equal(
    call,
    "invalid-argument request.config pass a plain object (a YAML document's toJSON(), JSON.parse's answer)",
  );
});

test("every subpath is a file", () => {
  const { exports } = JSON.parse(readFileSync(new URL("package.json", pkg), "utf8"));
  const paths = Object.keys(exports).map((path) => path.replace(/\*$/, "report-2.json"));
  write("resolve.js", `console.log(JSON.stringify(${JSON.stringify(paths)}.map((path) => import.meta.resolve("kubelet-audit" + path.slice(1)))))`);
  const urls = JSON.parse(node("resolve.js"));
  assert.ok(urls.length >= 9);
  for (const url of urls) assert.ok(existsSync(new URL(url)), url);
});

test("npx kubelet-audit", () => {
  const npx = (...args) => spawnSync("npx", ["--offline", "--no", "kubelet-audit", ...args], { encoding: "utf8", cwd: project.path });
  const bad = npx("check", "node.json", "--format", "json");
  assert.equal(bad.status, 1, bad.stderr);
  assert.equal(JSON.parse(bad.stdout).targets[0].source, "node.json");
  const good = npx("check", "compliant.json");
  assert.equal(good.status, 0, good.stdout + good.stderr);
});

const RESOLUTIONS = [
  { module: "esnext", moduleResolution: "bundler" },
  { module: "node16", moduleResolution: "node16" },
  { module: "nodenext", moduleResolution: "nodenext" },
];

/** Checks files of the project with a strict compiler, and answers with what it says. */
function tsc(files, options) {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    target: "es2022",
    lib: ["es2022", "dom"],
    types: [],
    ...options,
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
  const { stdout, status } = spawnSync(process.execPath, [tool("typescript/bin/tsc"), "--project", "tsconfig.json"], {
    encoding: "utf8",
    cwd: project.path,
  });
  assert.equal(status === 0, stdout === "", stdout);
  return stdout;
}

test("TypeScript finds the types in every way to resolve modules", () => {
  const sources = ["consumer.ts", "catalogue.ts"];
  for (const name of sources) write(name, readFileSync(new URL(`consumer/${name}`, import.meta.url), "utf8"));
  for (const resolution of RESOLUTIONS) {
    const options = { ...resolution, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true };
    assert.equal(tsc(sources, options), "", resolution.moduleResolution);
  }
  // A CommonJS program's `require` of a module: TypeScript allows it where Node does.
  write("consumer.cts", `import kubelet = require("kubelet-audit");\nexport const { summary } = kubelet.audit("");\n`);
  assert.equal(tsc(["consumer.cts"], { module: "nodenext" }), "");
});

test("the README's programs are well-typed", () => {
  const options = { ...RESOLUTIONS[0], allowJs: true, checkJs: true, types: ["node"], typeRoots: [tool("@types")] };
  assert.equal(tsc(["audit.js", "layers.js", "controls.js", "errors.js"], options), "");
});

test("real reports have the types that are declared", () => {
  const reports = [];
  for (const { request } of readCases()) {
    // A report of what cannot be a request has the same types, but does not come from `audit`.
    if (request === null || (typeof request !== "string" && typeof request !== "object") || Array.isArray(request)) continue;
    reports.push(audit(request));
  }
  const judging = listBenchmarks().filter(({ controls }) => controls.length > 0);
  for (const { id } of judging) reports.push(audit({ config: BEFORE, args: "--v=2", benchmark: id, effective: true }));
  assert.ok(reports.length > 60, `${reports.length} reports`);
  const literal = (name, type, value) => `export const ${name}: ${type} = ${JSON.stringify(value)};\n`;
  // An object literal may not have what its type does not name, so this goes both ways.
  const text = [
    'import type { Report } from "kubelet-audit";',
    'import type { Benchmark, ControlExplanation, ControlSummary } from "kubelet-audit/controls";',
    reports.map((report, index) => literal(`report${index}`, "Report", report)).join(""),
    literal("benchmarks", "Benchmark[]", listBenchmarks()),
    literal("controls", "ControlSummary[]", listControls()),
    literal("explanations", "ControlExplanation[]", listControls().map(({ control }) => explain(control))),
  ].join("\n");
  write("values.ts", text);
  assert.equal(tsc(["values.ts"], RESOLUTIONS[0]), "");
  // And it can fail.
  const renamed = literal("report", "Report", reports[0]).replace('"pass":', '"passed":');
  write("values.ts", `import type { Report } from "kubelet-audit";\n${renamed}`);
  assert.match(tsc(["values.ts"], RESOLUTIONS[0]), /'"passed"' does not exist in type 'Summary'/);
});
